using Grants.Notifications.Domain;
using Grants.Notifications.Features.Mails;
using Grants.Platform.Hosting;
using Grants.Testing.Smtp;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace Grants.Notifications.Tests.Features.Mails;

/// <summary>Which event is mailed to whom. Each event is delivered twice, as everywhere.</summary>
public sealed class ItemMailsTests
{
    [Fact]
    public async Task A_receipt_goes_to_everybody_of_the_organisation_in_their_own_language()
    {
        await using var story = await WithAccountsAsync();
        var mails = await SentAsync(story);
        Assert.Equal(["ana@example.org", "boris@example.org"], mails.Select(mail => mail.To).Order(StringComparer.Ordinal));
        var bosnian = mails.Single(mail => mail.To == "ana@example.org");
        Assert.Equal($"Primili smo prijavu {Story.Reference}", bosnian.Message.Subject);
        Assert.Contains("Čista rijeka, naša briga", bosnian.Message.TextBody);
        Assert.Contains($"https://grants.example.org/applications/{story.ApplicationId}/receipt", bosnian.Message.TextBody);
        Assert.StartsWith("Ја примивме пријавата", mails.Single(mail => mail.To == "boris@example.org").Message.Subject);
    }

    [Fact]
    public async Task One_event_is_one_mail_under_whatever_message_it_comes()
    {
        await using var story = await WithAccountsAsync();
        var submitted = story.Submitted();
        await story.Deliver(submitted);
        await story.Deliver(submitted);
        Assert.Equal(2, (await SentAsync(story)).Count);
        Assert.Empty(await SentAsync(story));
    }

    [Fact]
    public async Task Two_replicas_that_write_mails_at_once_write_each_once()
    {
        await using var story = await WithAccountsAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => WriteAsync(story)));
        Assert.Equal(2, (await DeliveryTests.All(story)).Count);
    }

    [Fact]
    public async Task Who_the_readers_are_may_come_last()
    {
        await using var story = await Story.BeginAsync();
        await story.Deliver(story.Submitted());
        Assert.Empty(await SentAsync(story)); // whose application it is nobody knows yet
        await story.Deliver(story.OrganisationChanged());
        story.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await SentAsync(story)); // neither addresses nor the call
        await story.Deliver(story.CallPublished());
        await story.Deliver(story.Account(story.Applicant, "ana@example.org"));
        story.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("ana@example.org", Assert.Single(await SentAsync(story)).To);
        await story.Deliver(story.Account(story.Colleague, "boris@example.org"));
        story.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("boris@example.org", Assert.Single(await SentAsync(story)).To);
    }

    [Fact]
    public async Task Whoever_may_not_sign_in_any_more_or_has_left_gets_none()
    {
        await using var story = await WithAccountsAsync();
        await SentAsync(story);
        await story.Deliver(story.Account(story.Colleague, "boris@example.org", active: false));
        await story.Deliver(story.Settled());
        await WriteAsync(story);
        Assert.Equal("ana@example.org", Assert.Single(await SentAsync(story)).To);

        await story.Deliver(story.Offered());
        await WriteAsync(story); // written, and not sent yet
        await story.Deliver(story.OrganisationChanged(null, story.Stranger));
        Assert.Empty(await SentAsync(story));
        Assert.Contains(await DeliveryTests.All(story), mail => mail.Template == ItemTemplate.Accept && mail.State == MailState.NotNeeded);
    }

    [Fact]
    public async Task An_address_that_changed_before_it_was_sent_is_the_new_one()
    {
        await using var story = await WithAccountsAsync();
        await WriteAsync(story);
        await story.Deliver(story.Account(story.Applicant, "new@example.org"));
        Assert.Contains("new@example.org", (await SentAsync(story)).Select(mail => mail.To));
    }

    [Fact]
    public async Task A_question_is_mailed_to_the_applicants_and_its_answer_to_the_officer_who_asked()
    {
        await using var story = await WithAccountsAsync();
        await SentAsync(story);
        var id = Guid.CreateVersion7();
        await story.Deliver(story.Asked(id));
        Assert.Contains("Answer our question", await story.Inbox(story.Applicant));
        var asked = await SentAsync(story);
        Assert.Equal(2, asked.Count);
        Assert.All(asked, mail => Assert.DoesNotContain("Which municipality?", mail.Source)); // read on its page, by whoever may
        Assert.Contains($"/applications/{story.ApplicationId}/clarifications/{id}", asked[0].Message.TextBody);

        await story.Deliver(story.Answered(id));
        Assert.DoesNotContain("Answer our question", await story.Inbox(story.Applicant));
        Assert.Contains("Your question was answered", await story.Inbox(story.Officer));
        var answered = Assert.Single(await SentAsync(story));
        Assert.Equal("officer@example.org", answered.To);
        Assert.Contains($"/desk/applications/{story.ApplicationId}", answered.Message.TextBody);
    }

    [Fact]
    public async Task A_question_that_nobody_answered_in_time_ends_and_the_officer_learns_it()
    {
        await using var story = await WithAccountsAsync();
        await SentAsync(story);
        var id = Guid.CreateVersion7();
        await story.Deliver(story.Asked(id));
        await story.Deliver(story.Answered(id, inTime: false));
        Assert.NotNull((await story.Item(ItemTemplate.Clarify)).DoneAt);
        var sent = Assert.Single(await SentAsync(story)); // the question itself needs no mail any more
        Assert.StartsWith("No answer to your question", sent.Message.Subject);
    }

    [Fact]
    public async Task An_answer_that_comes_before_its_question_closes_it()
    {
        await using var story = await WithAccountsAsync();
        var id = Guid.CreateVersion7();
        var asked = story.Asked(id);
        await story.Deliver(story.Answered(id));
        await story.Deliver(asked);
        Assert.NotNull((await story.Item(ItemTemplate.Clarify)).DoneAt);
    }

    [Fact]
    public async Task A_draft_near_its_deadline_is_said_loudly_not_to_be_submitted_until_it_is()
    {
        await using var story = await Story.BeginAsync();
        await story.Deliver(story.CallPublished());
        await story.Deliver(story.OrganisationChanged());
        await story.Deliver(story.Account(story.Applicant, "ana@example.org"));
        await story.Deliver(story.DraftDue());
        var inbox = await story.Inbox(story.Applicant);
        Assert.Contains("NOT SUBMITTED", inbox);
        Assert.Contains("Small grants 2026", inbox);
        var mail = Assert.Single(await SentAsync(story));
        Assert.StartsWith("Not submitted yet", mail.Message.Subject);
        Assert.Contains("is NOT SUBMITTED", mail.Message.TextBody);
        Assert.Contains(Story.Title, mail.Message.TextBody);
        await story.Deliver(story.Submitted());
        Assert.DoesNotContain("NOT SUBMITTED", await story.Inbox(story.Applicant));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Once_the_call_has_closed_nobody_is_asked_to_submit(bool closedFirst)
    {
        await using var story = await Story.BeginAsync();
        await story.Deliver(story.OrganisationChanged());
        if (closedFirst) await story.Deliver(story.Closed());
        await story.Deliver(story.DraftDue());
        if (!closedFirst) await story.Deliver(story.Closed());
        Assert.DoesNotContain("NOT SUBMITTED", await story.Inbox(story.Applicant));
        Assert.Empty(await SentAsync(story));
    }

    [Fact]
    public async Task An_evaluator_is_told_of_an_assignment_without_a_word_of_the_application()
    {
        await using var story = await WithAccountsAsync();
        await SentAsync(story);
        await story.Deliver(story.Assigned());
        var mail = Assert.Single(await SentAsync(story));
        Assert.Equal("eva@example.org", mail.To);
        Assert.Contains($"/reviews/{story.AssignmentId}", mail.Message.TextBody);
        foreach (var text in new[] { Story.Title, Story.Association }) Assert.DoesNotContain(text, mail.Message.TextBody + mail.Message.HtmlBody + mail.Message.Subject);
    }

    [Fact]
    public async Task Agreement_payment_and_letter_are_mailed_and_moves_among_staff_are_not()
    {
        await using var story = await WithAccountsAsync();
        await SentAsync(story);
        await story.Deliver(story.Eligible());
        await story.Deliver(story.Closed());
        await story.Deliver(story.Recommended());
        await story.Deliver(story.Awarded());
        Assert.Empty(await SentAsync(story));
        await story.Release(story.Officer, (await story.Letters()).Single().Id);
        var letters = await SentAsync(story);
        Assert.Equal(2, letters.Count);
        Assert.All(letters, mail => Assert.DoesNotContain("6.400", mail.Source)); // the outcome is on the platform only
        await story.Deliver(story.Offered());
        Assert.Contains("L4C-2026-00042/1", (await SentAsync(story))[0].Message.TextBody);
        await story.Deliver(story.Signed("grantee", inForce: false));
        await story.Deliver(story.Signed("funder", inForce: true));
        await story.Deliver(story.Requested());
        await story.Deliver(story.Approved(story.Finance, 1, false));
        await story.Deliver(story.Approved(story.OtherFinance, 2, true));
        Assert.Empty(await SentAsync(story));
        await story.Deliver(story.Settled());
        var paid = await SentAsync(story);
        Assert.Equal(2, paid.Count);
        Assert.Contains("5.120,00", paid.Single(mail => mail.To == "ana@example.org").Message.Subject);
    }

    [Fact]
    public async Task The_reader_and_the_officer_see_whether_a_mail_went_out_and_nobody_else_does()
    {
        await using var story = await WithAccountsAsync();
        using var server = new FakeMailServer { AtRecipient = address => address == "boris@example.org" ? "550 no such user boris" : null };
        await WriteAsync(story);
        Assert.Contains("no mail server is configured", await story.Inbox(story.Applicant));
        await DeliveryTests.Loop(story, server).RunAsync(default);
        Assert.Contains("to the mail server", await story.Inbox(story.Applicant));
        var colleague = await story.Inbox(story.Colleague);
        Assert.Contains("The mail server refused it", colleague);
        Assert.DoesNotContain("no such user", colleague);

        var path = new Uri($"/mails/applications/{story.ApplicationId}", UriKind.Relative);
        foreach (var staff in new[] { story.Officer, story.Auditor })
        {
            var page = await story.As(staff).GetStringAsync(path);
            Assert.Contains("550 no such user boris", page);
            Assert.Contains("Receipt", page);
        }

        foreach (var other in new[] { story.Applicant, story.Stranger, story.Evaluator, story.OfficerElsewhere, story.Finance })
            Assert.Equal(System.Net.HttpStatusCode.NotFound, (await story.As(other).GetAsync(path)).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await story.As(story.Officer).GetAsync(new Uri($"/mails/applications/{Guid.CreateVersion7()}", UriKind.Relative))).StatusCode);
        await story.Deliver(story.OrganisationChanged(null, story.Applicant, story.Officer));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await story.As(story.Officer).GetAsync(path)).StatusCode); // one's own application
    }

    [Fact]
    public async Task The_officer_sees_beside_the_letter_what_became_of_its_mails()
    {
        await using var story = await WithAccountsAsync();
        await SentAsync(story);
        await story.Deliver(story.Awarded());
        var letter = (await story.Letters()).Single();
        await story.Release(story.Officer, letter.Id);
        var path = new Uri($"/mails/letters/{letter.Id}", UriKind.Relative);
        Assert.Contains("No mail is written yet", await story.As(story.Officer).GetStringAsync(path));
        await SentAsync(story);
        var page = await story.As(story.Officer).GetStringAsync(path);
        Assert.Contains("Ana Anić", page);
        Assert.Contains("to the mail server", page);
    }

    /// <summary>A mail as it came.</summary>
    internal sealed record Came(string To, string Source, MimeMessage Message);

    internal static async Task<Story> WithAccountsAsync()
    {
        var story = await Story.SubmittedAsync();
        await story.Deliver(story.Account(story.Applicant, "ana@example.org", "bs", name: "Ana Anić"));
        await story.Deliver(story.Account(story.Colleague, "boris@example.org", "mk", name: "Борис"));
        await story.Deliver(story.Account(story.Officer, "officer@example.org"));
        await story.Deliver(story.Account(story.Evaluator, "eva@example.org", name: "Eva Evaluator"));
        return story;
    }

    /// <summary>Writes all that is due; the service's own loop may be writing at this moment too.</summary>
    internal static async Task WriteAllAsync(Story story)
    {
        do await WriteAsync(story);
        while (await story.Service.Db<NotificationsDb, bool>(db => db.Items.AnyAsync(item => item.MailsDueAt <= story.Now)));
    }

    internal static async Task WriteAsync(Story story)
    {
        await using var scope = story.Service.Services.CreateAsyncScope();
        await WriteMails.RunAsync(scope.ServiceProvider.GetRequiredService<NotificationsDb>(), scope.ServiceProvider.GetRequiredService<AppTime>(), default);
    }

    /// <summary>Writes and sends what is due, and tells what the mail server took now.</summary>
    internal static async Task<IReadOnlyList<Came>> SentAsync(Story story)
    {
        await WriteAllAsync(story);
        using var server = new FakeMailServer();
        await DeliveryTests.Loop(story, server).RunAsync(default);
        return [.. server.Taken.Select(taken => new Came(taken.Recipients.Single(), taken.Source, MimeMessage.Load(new MemoryStream(taken.Bytes))))];
    }
}
