using System.Net;
using Grants.Contracts.Notifications;
using Grants.Contracts.Reviews;
using Grants.Notifications.Domain;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Notifications.Tests.Features.Letters;

/// <summary>Which letter a decision gives, what it says of the evaluation, and which of several decisions goes out.</summary>
public sealed class OutcomesTests
{
    internal static readonly Findings Found = new(7850, 10_000,
    [
        new(new() { ["bs"] = "Relevantnost", ["en"] = "Relevance", ["mk"] = "Релевантност" }, 3125, 4000, ["A clear need.\n\nThe river is there.", "Zašto baš ovdje?"]),
        new([], 4725, 6000, []),
    ]);

    [Theory]
    [InlineData("en", "What the evaluation found: 78.5 of 100 points in all.", "Relevance: 31.25 of 40 points", "47.25 of 60 points")]
    [InlineData("bs", "Šta je pokazalo ocjenjivanje: ukupno 78,5 od 100 bodova.", "Relevantnost: 31,25 od 40 bodova", "47,25 od 60 bodova")]
    [InlineData("mk", "Што покажа оценувањето: вкупно 78,5 од 100 бодови.", "Релевантност: 31,25 од 40 бодови", "47,25 од 60 бодови")]
    public async Task A_letter_tells_score_and_comments_of_each_section(string language, params string[] sentences)
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Rejected() with { Findings = Found });
        var page = WebUtility.HtmlDecode(await Get(story, story.Officer, $"/mails/letters/{(await story.Letters()).Single().Id}?language={language}"));
        foreach (var sentence in sentences) Assert.Contains(sentence, page);
        Assert.Contains("– A clear need.<br>", page.Replace("\n", "", StringComparison.Ordinal).Replace("  ", "", StringComparison.Ordinal));
        Assert.Contains("– Zašto baš ovdje?", page);
        Assert.Contains($"<article class=\"app-letter\" lang=\"{language}\">", page);
    }

    [Fact]
    public async Task A_place_on_the_reserve_list_is_told_by_a_letter_of_its_own_and_an_award_from_it_by_another()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Eligible());
        await story.Deliver(story.Reserved(Found));
        var reserve = Assert.Single(await story.Letters());
        Assert.Contains("on the reserve list, in place 3", await Get(story, story.Officer, $"/mails/letters/{reserve.Id}"));
        await story.Release(story.Officer, reserve.Id);
        Assert.Equal("reserve", Assert.Single(await story.Service.Events<NotificationDelivered>()).Kind);
        Assert.Empty(await story.Items(ItemTemplate.Account)); // nothing to prepare

        await story.Deliver(story.Awarded() with { FromReserve = true });
        var letters = await story.Letters();
        Assert.Equal([LetterState.Released, LetterState.Held], letters.Select(letter => letter.State));
        Assert.Contains("on the reserve list, in place 3", await Get(story, story.Applicant, $"/inbox/letters/{reserve.Id}")); // what was said was said
        Assert.Contains("Money has become free", await Get(story, story.Officer, $"/mails/letters/{letters[1].Id}"));
        await story.Release(story.Officer, letters[1].Id);
        Assert.Equal(["reserve", "award"], (await story.Service.Events<NotificationDelivered>()).Select(told => told.Kind));
        Assert.Single(await story.Items(ItemTemplate.Account));
        var kept = await story.Service.Db<NotificationsDb, List<string>>(db => db.ReleasedLetters.Select(text => text.Template).Distinct().OrderBy(name => name).ToListAsync());
        Assert.Equal(["award-from-reserve/2", "reserve/2"], kept);
    }

    [Fact]
    public async Task A_reserve_letter_still_held_does_not_go_out_after_the_award()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Reserved());
        await story.Deliver(story.Awarded() with { FromReserve = true });
        Assert.Equal([LetterState.Superseded, LetterState.Held], (await story.Letters()).Select(letter => letter.State));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_did_not_pass_the_check_is_told_that_it_was_not_judged_whichever_event_comes_first(bool checkFirst)
    {
        await using var story = await Story.SubmittedAsync();
        var (check, rejection) = (story.Eligible(false), story.Rejected("No registration."));
        if (checkFirst) await story.Deliver(check);
        await story.Deliver(rejection);
        if (!checkFirst) await story.Deliver(check);
        var page = await Get(story, story.Officer, $"/mails/letters/{(await story.Letters()).Single().Id}");
        Assert.Contains("It was not judged for its quality", page);
        Assert.Contains("No registration.", page);
        Assert.Contains("Not eligible", page);
    }

    [Fact]
    public async Task An_award_tells_when_objections_end()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Awarded() with { ContractingFrom = new DateTimeOffset(2027, 2, 1, 23, 0, 0, TimeSpan.Zero) });
        Assert.Contains("2 February 2027", await Get(story, story.Officer, $"/mails/letters/{(await story.Letters()).Single().Id}")); // midnight in the call's zone
    }

    [Fact]
    public async Task A_newer_decision_that_arrives_during_the_release_wins_and_the_older_letter_stays_here()
    {
        var during = new During();
        await using var story = await Story.BeginAsync(services => services.AddSingleton<IInterceptor>(during));
        await story.Deliver(story.CallPublished());
        await story.Deliver(story.OrganisationChanged());
        await story.Deliver(story.Submitted());
        await story.Deliver(story.Rejected("first"));
        var older = (await story.Letters()).Single();
        var newer = story.Awarded("second");
        during.Do = () => story.Service.DeliverOnceAsync(newer);
        Assert.Equal(HttpStatusCode.Redirect, (await story.Release(story.Officer, older.Id)).StatusCode);
        Assert.True(during.Done);
        Assert.Equal([LetterState.Superseded, LetterState.Held], (await story.Letters()).Select(letter => letter.State));
        Assert.Empty(await story.Service.Events<NotificationDelivered>());
        Assert.Empty(await story.Items(ItemTemplate.Letter));
        Assert.Contains("There is a newer decision", await Get(story, story.Officer, $"/mails/letters/{older.Id}"));
    }

    [Fact]
    public async Task A_newer_decision_after_the_release_leaves_the_older_letter_as_it_is()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Rejected("first"));
        await story.Release(story.Officer, (await story.Letters()).Single().Id);
        await story.Deliver(story.Awarded("second"));
        Assert.Equal([LetterState.Released, LetterState.Held], (await story.Letters()).Select(letter => letter.State));
    }

    [Theory]
    [InlineData("held")]
    [InlineData("first")]
    [InlineData("released")]
    public async Task A_withdrawn_application_gets_no_letter_any_more_and_nobody_is_asked_for_anything(string when)
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Eligible());
        await story.Deliver(story.Assigned());
        var (withdrawn, decision) = (story.Withdrawn(), story.Awarded());
        if (when == "first") await story.Deliver(withdrawn);
        await story.Deliver(decision);
        if (when == "released") await story.Release(story.Officer, (await story.Letters()).Single().Id);
        if (when != "first") await story.Deliver(withdrawn);

        var letter = (await story.Letters()).Single();
        Assert.Equal(when == "released" ? LetterState.Released : LetterState.Dropped, letter.State);
        var open = await story.Service.Db<NotificationsDb, int>(db => db.Items.CountAsync(item => item.Kind == ItemKind.Task && item.DoneAt == null && item.ApplicationId == story.ApplicationId));
        Assert.Equal(0, open);
        Assert.Contains("has withdrawn the application", await story.Inbox(story.Officer));
        if (when == "released") return;
        var answer = await story.Release(story.Officer, letter.Id);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("this letter does not go out", await answer.Content.ReadAsStringAsync());
        Assert.Empty(await story.Service.Events<NotificationDelivered>());
    }

    [Fact]
    public async Task What_is_asked_after_the_withdrawal_is_not_asked()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Closed());
        var (eligible, assigned, recommended) = (story.Eligible(), story.Assigned(), story.Recommended());
        await story.Deliver(story.Withdrawn());
        await story.Deliver(eligible);
        await story.Deliver(assigned);
        await story.Deliver(recommended);
        await story.Deliver(story.Asked(Guid.CreateVersion7()));
        Assert.Equal(0, await story.Service.Db<NotificationsDb, int>(db => db.Items.CountAsync(item => item.Kind == ItemKind.Task && item.DoneAt == null)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lapse_is_told_to_those_who_were_told_of_the_award_and_to_nobody_else(bool released)
    {
        await using var story = await Story.AwardedAsync();
        var letter = (await story.Letters()).Single();
        if (released) await story.Release(story.Officer, letter.Id);
        await story.Deliver(story.Lapsed());
        Assert.Contains("An award of 6,400.00 BAM has lapsed", Plain(await story.Inbox(story.Officer)));
        Assert.Equal(released ? 1 : 0, (await story.Items(ItemTemplate.AwardEnded)).Count);
        Assert.Equal(released ? LetterState.Released : LetterState.Dropped, (await story.Letters()).Single().State);
        var inbox = await story.Inbox(story.Applicant);
        Assert.DoesNotContain("Give us your bank account", inbox);
        if (!released) Assert.DoesNotContain("6,400", inbox);
    }

    [Fact]
    public async Task An_award_that_comes_after_its_lapse_is_not_told()
    {
        await using var story = await Story.SubmittedAsync();
        var award = story.Awarded();
        story.Service.Clock.Advance(TimeSpan.FromHours(1));
        await story.Deliver(story.Lapsed());
        await story.Deliver(award);
        Assert.Equal(LetterState.Dropped, (await story.Letters()).Single().State);
    }

    [Fact]
    public async Task All_held_letters_of_a_call_go_out_at_once_after_a_page_that_names_them()
    {
        await using var story = await Story.SubmittedAsync();
        var others = await ThreeHeldAsync(story);
        var list = await Get(story, story.Officer, "/mails/letters");
        Assert.Contains("Release all 3 held letters of “Small grants 2026” at once", WebUtility.HtmlDecode(list));
        var path = $"/mails/letters/release/{story.CallId}";
        var page = await Get(story, story.Officer, path);
        foreach (var reference in others) Assert.Contains(reference, page);
        Assert.Contains("Release 3 letters", page);
        var answer = await PostAsync(story, path, Seen(page));
        Assert.Equal("/mails/letters?state=released", answer.Headers.Location!.ToString());
        Assert.All(await story.Letters(), letter => Assert.Equal(LetterState.Released, letter.State));
        Assert.Equal(3, (await story.Service.Events<NotificationDelivered>()).Count);
        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync(story, path, Seen(page))).StatusCode); // a second click
        Assert.Equal(3, (await story.Service.Events<NotificationDelivered>()).Count);
        Assert.Contains("No letters are held", await Get(story, story.Officer, path));
    }

    [Fact]
    public async Task A_letter_that_changed_since_the_page_was_read_stays_and_is_named_with_the_reason()
    {
        await using var story = await Story.SubmittedAsync();
        var references = await ThreeHeldAsync(story);
        var path = $"/mails/letters/release/{story.CallId}";
        var page = await Get(story, story.Officer, path);
        await story.Deliver(story.Awarded("a newer decision")); // about the story's own application
        var answer = await PostAsync(story, path, Seen(page));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var said = await answer.Content.ReadAsStringAsync();
        Assert.Contains("2 letters were released", said);
        Assert.Contains(Story.Reference, said);
        Assert.Contains("A newer decision has replaced this letter", said);
        Assert.DoesNotContain(references[1], said);
        Assert.Equal(2, (await story.Service.Events<NotificationDelivered>()).Count);
    }

    [Fact]
    public async Task Only_officers_of_the_call_release_its_letters()
    {
        await using var story = await Story.SubmittedAsync();
        await ThreeHeldAsync(story);
        var path = $"/mails/letters/release/{story.CallId}";
        var seen = Seen(await Get(story, story.Officer, path));
        foreach (var other in new[] { story.Applicant, story.Auditor, story.OfficerElsewhere, story.Evaluator, story.Chair })
        {
            Assert.True((await story.As(other).GetAsync(new Uri(path, UriKind.Relative))).IsHidden());
            Assert.True((await PostAsync(story, path, seen, other)).IsHidden());
        }

        foreach (var wrong in new[] { "x", $"{Guid.CreateVersion7()}:{new string('0', 64)}" }) Assert.True((await PostAsync(story, path, [wrong])).IsHidden());
        Assert.True((await PostAsync(story, $"/mails/letters/release/{Guid.CreateVersion7()}", seen)).IsHidden());
        Assert.Empty(await story.Service.Events<NotificationDelivered>());
    }

    [Fact]
    public async Task One_more_evaluator_is_asked_for_when_the_reviews_lie_far_apart_and_another_when_one_declines()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Eligible());
        await story.Deliver(story.Assigned());
        await story.Deliver(story.Reviewed() with { ThirdNeeded = true });
        Assert.Contains("Assign one more evaluator", await story.Inbox(story.Officer));
        var (third, assignment) = (Story.Person(), Guid.CreateVersion7());
        await story.Deliver(story.Assigned(assignment, third));
        Assert.DoesNotContain("Assign one more evaluator", await story.Inbox(story.Officer));
        await story.Deliver(story.Reviewed() with { AssignmentId = assignment, EvaluatorId = third.PersonId, Declined = true });
        var inbox = await story.Inbox(story.Officer);
        Assert.Contains("the one assigned does not evaluate it", inbox);
        Assert.DoesNotContain("conflict of interest", inbox);
        Assert.Equal(0, await story.Count(third));
        await story.Deliver(story.Assigned(Guid.CreateVersion7(), Story.Person()));
        Assert.DoesNotContain("the one assigned does not evaluate it", await story.Inbox(story.Officer));
    }

    [Fact]
    public async Task A_payment_that_came_back_is_approved_and_paid_again_by_people_who_are_asked_again()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Requested());
        await story.Deliver(story.Approved(story.Finance, 1, false));
        await story.Deliver(story.Approved(story.OtherFinance, 2, true));
        Assert.Contains("Pay the approved instalment", await story.Inbox(story.Finance));
        await story.Deliver(story.Failed());
        foreach (var finance in new[] { story.Finance, story.OtherFinance })
        {
            var inbox = await story.Inbox(finance);
            Assert.Contains("Approve the instalment again", inbox);
            Assert.DoesNotContain("Pay the approved instalment", inbox);
        }

        var grantee = await story.Inbox(story.Applicant);
        Assert.Contains("A payment of 5,120.00 BAM to you did not arrive", Plain(grantee));
        Assert.DoesNotContain("Mr. X", grantee);
        await story.Deliver(story.Approved(story.Finance, 1, false));
        Assert.DoesNotContain("Approve the instalment again", await story.Inbox(story.Finance));
        Assert.Contains("Approve the instalment again", await story.Inbox(story.OtherFinance));
        await story.Deliver(story.Approved(story.OtherFinance, 2, true));
        Assert.Contains("Pay the approved instalment", await story.Inbox(story.Finance));
        await story.Deliver(story.Settled());
        Assert.DoesNotContain("Pay the approved instalment", await story.Inbox(story.Finance));
        await story.Deliver(story.Failed());
        Assert.Equal(2, (await story.Items(ItemTemplate.ApproveAgain)).Count);
        await story.Deliver(story.Settled());
        Assert.Equal(2, (await story.Items(ItemTemplate.Paid)).Count);
        Assert.Equal(0, await story.Count(story.Finance));
    }

    [Fact]
    public async Task Approval_and_failure_in_the_other_order_leave_the_same_tasks()
    {
        await using var story = await Story.SubmittedAsync();
        var (approved, failed) = (story.Approved(story.OtherFinance, 2, true), story.Failed());
        await story.Deliver(failed);
        await story.Deliver(approved);
        var inbox = await story.Inbox(story.Finance);
        Assert.Contains("Approve the instalment again", inbox);
        Assert.DoesNotContain("Pay the approved instalment", inbox);
    }

    /// <summary>Three applications of the story's call with a held letter each.</summary>
    static async Task<IReadOnlyList<string>> ThreeHeldAsync(Story story)
    {
        await story.Deliver(story.Rejected());
        string[] references = [Story.Reference, "L4C-2026-00043", "L4C-2026-00044"];
        foreach (var reference in references[1..]) await story.Deliver(story.Rejected() with { ApplicationId = Guid.CreateVersion7(), Reference = reference });
        return references;
    }

    static IReadOnlyList<string> Seen(string page) => [.. page.Split("name=\"letter\" value=\"").Skip(1).Select(rest => rest.Split('"')[0])];

    static Task<HttpResponseMessage> PostAsync(Story story, string path, IEnumerable<string> letters, Caller? by = null) =>
        ServiceFixture.PostAsync(story.As(by ?? story.Officer), path, letters.Select(letter => KeyValuePair.Create("letter", letter)));

    static string Plain(string page) => WebUtility.HtmlDecode(page).Replace('\u00A0', ' ');

    static async Task<string> Get(Story story, Caller caller, string path) => await story.As(caller).GetStringAsync(new Uri(path, UriKind.Relative));

    /// <summary>Does something once, when a letter is about to be saved as released.</summary>
    sealed class During : SaveChangesInterceptor
    {
        public Func<Task>? Do { get; set; }

        public bool Done { get; private set; }

        public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (Do is { } act && eventData.Context!.ChangeTracker.Entries<Letter>().Any(entry => entry.Entity.State == LetterState.Released && entry.State == EntityState.Modified))
            {
                Do = null;
                await act();
                Done = true;
            }

            return result;
        }
    }
}
