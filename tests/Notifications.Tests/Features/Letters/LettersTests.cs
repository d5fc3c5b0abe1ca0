using System.Net;
using Grants.Contracts.Notifications;
using Grants.Notifications.Domain;
using Grants.Notifications.Tests.Features.Mails;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Tests.Features.Letters;

public sealed class LettersTests
{
    [Fact]
    public async Task A_decision_holds_a_letter_and_asks_officers_to_release_it()
    {
        await using var story = await Story.AwardedAsync();
        var letter = Assert.Single(await story.Letters());
        Assert.Equal(LetterState.Held, letter.State);
        Assert.Contains($"/mails/letters/{letter.Id}", await story.Inbox(story.Officer));
        var page = await Get(story, story.Officer, $"/mails/letters/{letter.Id}");
        Assert.Contains("This tells 2 people of", page);
        Assert.Contains("A grant for your project: application L4C-2026-00042", page);
        Assert.Contains("6,400.00", page);
        Assert.Contains(Story.Reason, page);
        Assert.Contains("Agencija za lokalnu demokratiju", page);
    }

    [Fact]
    public async Task Nothing_of_this_service_tells_applicants_the_outcome_before_the_release()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Eligible());
        await story.Deliver(story.Assigned());
        await story.Deliver(story.Reviewed());
        await story.Deliver(story.Closed());
        await ItemMailsTests.WriteAllAsync(story); // the inbox says of each mail how far it is
        var (inbox, count) = (await story.Inbox(story.Applicant), await story.Count(story.Applicant));
        await story.Deliver(story.Recommended());
        await story.Deliver(story.Awarded());
        await ItemMailsTests.WriteAllAsync(story);
        var letter = Assert.Single(await story.Letters());
        foreach (var member in new[] { story.Applicant, story.Colleague })
        {
            Assert.Equal(count, await story.Count(member));
            foreach (var path in new[] { $"/inbox/letters/{letter.Id}", $"/mails/letters/{letter.Id}", "/mails/letters" })
                Assert.True((await story.As(member).GetAsync(new Uri(path, UriKind.Relative))).IsHidden(), path);
            Assert.True((await ServiceFixture.PostAsync(story.As(member), $"/mails/letters/{letter.Id}/release", new { seen = "" })).IsHidden());
        }

        Assert.Equal(inbox, await story.Inbox(story.Applicant));
    }

    [Fact]
    public async Task An_officer_who_acts_for_the_applicant_sees_no_letter_about_it()
    {
        await using var story = await Story.AwardedAsync();
        var letter = Assert.Single(await story.Letters());
        await story.Deliver(story.OrganisationChanged(null, story.Applicant, story.Officer));
        Assert.True((await story.As(story.Officer).GetAsync(new Uri($"/mails/letters/{letter.Id}", UriKind.Relative))).IsHidden());
        Assert.True((await story.Release(story.Officer, letter.Id)).IsHidden());
        Assert.DoesNotContain(Story.Reference, await Get(story, story.Officer, "/mails/letters"));
    }

    [Fact]
    public async Task A_released_letter_reads_as_previewed_and_is_told_to_the_platform()
    {
        await using var story = await Story.AwardedAsync();
        var letter = Assert.Single(await story.Letters());
        var answer = await story.Release(story.Officer, letter.Id);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);

        var delivered = Assert.Single(await story.Service.Events<NotificationDelivered>());
        Assert.Equal((letter.Id, story.ApplicationId, "award", story.Officer.PersonId), (delivered.LetterId, delivered.ApplicationId, delivered.Kind, delivered.ReleasedBy));
        Assert.NotNull((await story.Item(ItemTemplate.ReleaseLetter)).DoneAt);
        foreach (var member in new[] { story.Applicant, story.Colleague })
        {
            var inbox = await story.Inbox(member);
            Assert.Contains($"/inbox/letters/{letter.Id}", inbox);
            Assert.Contains($"/grants/{story.ApplicationId}/account", inbox);
            Assert.Contains(Story.Reason, await Get(story, member, $"/inbox/letters/{letter.Id}"));
        }

        Assert.Contains("Sa zadovoljstvom", await Get(story, story.Officer, $"/mails/letters/{letter.Id}?language=bs"));
        var audit = await story.Service.Db<NotificationsDb, AuditEntry>(db => db.Set<AuditEntry>().SingleAsync(entry => entry.Action == "letter.released"));
        Assert.Equal(story.Officer.PersonId, audit.PersonId);
    }

    [Fact]
    public async Task What_applicants_were_told_is_told_to_the_neighbours_as_figures()
    {
        await using var story = await Story.AwardedAsync();
        Assert.Equal(
            new Dictionary<string, string> { ["definitions"] = "1 0", ["submitted"] = "1 0", ["awarded"] = "1 640000 BAM", ["rejected"] = "0 0", ["told"] = "0 0" },
            await story.Service.FiguresAsync(story.CallId));
        await story.Release(story.Officer, (await story.Letters()).Single().Id);
        await story.Deliver(story.Rejected()); // a newer decision, which holds a letter of its own
        Assert.Equal(
            new Dictionary<string, string> { ["definitions"] = "1 0", ["submitted"] = "1 0", ["awarded"] = "1 640000 BAM", ["rejected"] = "1 0", ["told"] = "1 0" },
            await story.Service.FiguresAsync(story.CallId));
    }

    [Fact]
    public async Task The_applicant_reads_the_letter_in_any_of_its_languages()
    {
        await using var story = await Story.AwardedAsync();
        var letter = Assert.Single(await story.Letters());
        await story.Release(story.Officer, letter.Id);
        Assert.Contains("dodijeljen grant u iznosu od 6.400,00", await Get(story, story.Applicant with { Language = "bs" }, $"/inbox/letters/{letter.Id}"));
        var page = await Get(story, story.Applicant, $"/inbox/letters/{letter.Id}?language=mk");
        Assert.Contains("доделен грант во износ од", page);
        Assert.Contains("<article class=\"app-letter\" lang=\"mk\">", page);
        Assert.Contains("We are glad to tell you", await Get(story, story.Applicant, $"/inbox/letters/{letter.Id}?language=xx"));
    }

    [Fact]
    public async Task A_second_click_releases_nothing_again()
    {
        await using var story = await Story.AwardedAsync();
        var letter = Assert.Single(await story.Letters());
        await story.Release(story.Officer, letter.Id);
        Assert.Equal(HttpStatusCode.Redirect, (await story.Release(story.Officer, letter.Id)).StatusCode);
        Assert.Single(await story.Service.Events<NotificationDelivered>());
        Assert.Single(await story.Items(ItemTemplate.Letter));
    }

    [Fact]
    public async Task Twenty_clicks_at_once_release_one_letter()
    {
        await using var story = await Story.AwardedAsync();
        var letter = Assert.Single(await story.Letters());
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => story.Release(story.Officer, letter.Id)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode));
        Assert.Single(await story.Service.Events<NotificationDelivered>());
    }

    [Fact]
    public async Task A_letter_that_changed_since_it_was_seen_is_not_released()
    {
        await using var story = await Story.AwardedAsync();
        var letter = Assert.Single(await story.Letters());
        var answer = await ServiceFixture.PostAsync(story.As(story.Officer), $"/mails/letters/{letter.Id}/release", new { seen = new string('0', 64) });
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("Read it again", await answer.Content.ReadAsStringAsync());
        Assert.Empty(await story.Service.Events<NotificationDelivered>());
    }

    [Fact]
    public async Task A_newer_decision_supersedes_a_held_letter_which_cannot_go_out_any_more()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Rejected("first"));
        await story.Deliver(story.Awarded("second"));
        var letters = await story.Letters();
        Assert.Equal([LetterState.Superseded, LetterState.Held], letters.Select(letter => letter.State));
        var answer = await story.Release(story.Officer, letters[0].Id);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("A newer decision has replaced this letter", await answer.Content.ReadAsStringAsync());
        Assert.Equal(1, (await story.Items(ItemTemplate.ReleaseLetter)).Count(task => task.DoneAt is null));
        await story.Release(story.Officer, letters[1].Id);
        Assert.True((await story.As(story.Applicant).GetAsync(new Uri($"/inbox/letters/{letters[0].Id}", UriKind.Relative))).IsHidden());
        Assert.Contains("second", await Get(story, story.Applicant, $"/inbox/letters/{letters[1].Id}"));
    }

    [Fact]
    public async Task An_older_decision_that_comes_late_is_superseded_at_once()
    {
        await using var story = await Story.SubmittedAsync();
        var (older, newer) = (story.Rejected("first"), story.Awarded("second"));
        await story.Deliver(newer);
        await story.Deliver(older);
        Assert.Equal([LetterState.Superseded, LetterState.Held], (await story.Letters()).Select(letter => letter.State));
        Assert.Single(await story.Items(ItemTemplate.ReleaseLetter));
    }

    [Fact]
    public async Task The_same_decision_under_another_message_id_is_one_letter()
    {
        await using var story = await Story.SubmittedAsync();
        var decision = story.Awarded();
        await story.Deliver(decision);
        await story.Deliver(decision);
        Assert.Single(await story.Letters());
        Assert.Single(await story.Items(ItemTemplate.ReleaseLetter));
    }

    [Fact]
    public async Task A_letter_waits_for_its_call_before_it_can_be_released()
    {
        await using var story = await Story.BeginAsync();
        await story.Deliver(story.OrganisationChanged());
        await story.Deliver(story.Awarded());
        var letter = Assert.Single(await story.Letters());
        var everywhere = Story.Person(new HeldRole(Role.ProgrammeOfficer, "*"));
        Assert.Contains("cannot be written yet", await Get(story, everywhere, $"/mails/letters/{letter.Id}"));
        Assert.Equal(HttpStatusCode.Conflict, (await story.Release(everywhere, letter.Id)).StatusCode);
        await story.Deliver(story.CallPublished());
        Assert.Equal(HttpStatusCode.Redirect, (await story.Release(everywhere, letter.Id)).StatusCode);
    }

    [Fact]
    public async Task Letters_of_others_do_not_exist()
    {
        await using var story = await Story.AwardedAsync();
        var letter = Assert.Single(await story.Letters());
        Caller[] noStaff = [story.Stranger, story.OfficerElsewhere, story.Evaluator, story.Chair, story.DecisionMaker, story.Finance, story.Applicant];
        foreach (var other in noStaff)
        {
            Assert.True((await story.As(other).GetAsync(new Uri($"/mails/letters/{letter.Id}", UriKind.Relative))).IsHidden());
            Assert.True((await story.Release(other, letter.Id)).IsHidden());
        }

        Assert.Contains(Story.Reference, await Get(story, story.Auditor, $"/mails/letters/{letter.Id}"));
        Assert.DoesNotContain("Release the letter", await Get(story, story.Auditor, $"/mails/letters/{letter.Id}"));
        Assert.True((await story.Release(story.Auditor, letter.Id)).IsHidden());
        await story.Release(story.Officer, letter.Id);
        foreach (var other in noStaff.Where(other => other != story.Applicant).Append(story.Officer).Append(story.Auditor))
            Assert.True((await story.As(other).GetAsync(new Uri($"/inbox/letters/{letter.Id}", UriKind.Relative))).IsHidden());
        Assert.True((await story.As(story.Applicant).GetAsync(new Uri($"/inbox/letters/{Guid.CreateVersion7()}", UriKind.Relative))).IsHidden());
    }

    [Fact]
    public async Task The_database_refuses_to_change_a_released_letter()
    {
        await using var story = await Story.AwardedAsync();
        var letter = Assert.Single(await story.Letters());
        await story.Release(story.Officer, letter.Id);
        await Assert.ThrowsAnyAsync<Exception>(() => story.Service.Db<NotificationsDb>(db =>
            db.ReleasedLetters.Where(text => text.LetterId == letter.Id).ExecuteUpdateAsync(set => set.SetProperty(text => text.Body, "other words"))));
        await Assert.ThrowsAnyAsync<Exception>(() => story.Service.Db<NotificationsDb>(db => db.ReleasedLetters.ExecuteDeleteAsync()));
    }

    [Fact]
    public async Task The_list_shows_what_is_in_scope_and_filters_by_state()
    {
        await using var story = await Story.AwardedAsync();
        Assert.Contains(Story.Reference, await Get(story, story.Officer, "/mails/letters"));
        Assert.Contains(Story.Reference, await Get(story, story.Officer, "/mails/letters?state=held"));
        Assert.DoesNotContain(Story.Reference, await Get(story, story.Officer, "/mails/letters?state=released"));
        Assert.Contains("No letters here", await Get(story, story.OfficerElsewhere, "/mails/letters?state=7"));
    }

    [SharedFact]
    public async Task Any_reason_reads_as_it_was_typed()
    {
        await using var story = await Story.SubmittedAsync();
        foreach (var naughty in Naughty.Strings)
        {
            var reason = PostedForm.Clean(naughty);
            await story.Deliver(story.Rejected(reason));
        }

        // All but the last are superseded; each still reads for staff, encoded and whole.
        foreach (var letter in await story.Letters())
        {
            var page = await Get(story, story.Officer, $"/mails/letters/{letter.Id}");
            var body = WebUtility.HtmlDecode(page.Split("<article")[1].Split("</article>")[0].Replace("<br>", "\n", StringComparison.Ordinal));
            foreach (var line in letter.Reason.Split('\n')) Assert.Contains(line, body, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", page.Split("<article")[1].Split("</article>")[0], StringComparison.OrdinalIgnoreCase);
        }
    }

    static async Task<string> Get(Story story, Caller caller, string path) => await story.As(caller).GetStringAsync(new Uri(path, UriKind.Relative));
}
