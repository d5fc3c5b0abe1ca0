using System.Globalization;
using Grants.Notifications.Tests.Features.Mails;
using Grants.Platform.Http;

namespace Grants.Notifications.Tests.Features.Letters;

/// <summary>
/// Applicants learn what the evaluation found, and nothing of who evaluated: this looks for names, ids, addresses, times, numbers and single scores in everything that
/// leaves the service for them.
/// </summary>
public sealed class AnonymityTests
{
    const string Marker = "Zehra Skrivena", Other = "Мирко Скриен";

    [Fact]
    public async Task Nothing_that_reaches_an_applicant_tells_who_evaluated_when_or_how_many()
    {
        await using var story = await ItemMailsTests.WithAccountsAsync();
        var (second, secondAssignment) = (Story.Person(), Guid.CreateVersion7());
        await story.Deliver(story.Account(story.Evaluator, "zehra.skrivena@example.org", name: Marker));
        await story.Deliver(story.Account(second, "mirko.skrien@example.org", "mk", name: Other));
        await ItemMailsTests.SentAsync(story);
        await story.Deliver(story.Eligible());

        // Each thing happens at a moment that appears nowhere else.
        var times = new List<DateTimeOffset>();
        var evaluatorsMails = new List<ItemMailsTests.Came>();
        foreach (var (evaluator, assignment) in new[] { (story.Evaluator, story.AssignmentId), (second, secondAssignment) })
        {
            times.Add(Later(story));
            await story.Deliver(story.Assigned(assignment, evaluator));
            evaluatorsMails.AddRange(await ItemMailsTests.SentAsync(story));
            times.Add(Later(story));
            await story.Deliver(story.Reviewed() with { AssignmentId = assignment, EvaluatorId = evaluator.PersonId, ThirdNeeded = evaluator == second });
        }

        Assert.Equal(["mirko.skrien@example.org", "zehra.skrivena@example.org"], evaluatorsMails.Select(mail => mail.To).Order(StringComparer.Ordinal));
        story.Service.Clock.Advance(new TimeSpan(3, 5, 41, 29));
        await story.Deliver(story.Closed());
        await story.Deliver(story.Recommended());
        await story.Deliver(story.Rejected() with { Findings = OutcomesTests.Found });
        await story.Release(story.Officer, (await story.Letters()).Single().Id);
        var mails = await ItemMailsTests.SentAsync(story);
        Assert.Equal(["ana@example.org", "boris@example.org"], mails.Select(mail => mail.To).Order(StringComparer.Ordinal));

        var leaves = new Dictionary<string, string>();
        foreach (var mail in mails) leaves[$"mail to {mail.To}"] = mail.Source + mail.Message.Headers + mail.Message.TextBody + mail.Message.HtmlBody + mail.Message.Subject;
        var letterId = (await story.Letters()).Single().Id;
        foreach (var reader in new[] { story.Applicant, story.Colleague })
        {
            foreach (var path in new[] { "/inbox", "/inbox/count", $"/inbox/letters/{letterId}", $"/inbox/letters/{letterId}?language=bs", $"/inbox/letters/{letterId}?language=mk" })
            {
                var answer = await story.As(reader).GetAsync(new Uri(path, UriKind.Relative));
                leaves[$"{path} for {reader.PersonId}"] = answer.Headers + await answer.Content.ReadAsStringAsync();
            }
        }

        // Staff without a right to evaluators' names: in the pages of letters and mails there is none for anybody.
        foreach (var reader in new[] { story.Officer, story.Auditor })
        {
            foreach (var path in new[] { "/mails/letters", $"/mails/letters/{letterId}", $"/mails/applications/{story.ApplicationId}" })
                leaves[$"{path} for staff {reader.PersonId}"] = await story.As(reader).GetStringAsync(new Uri(path, UriKind.Relative));
        }

        string[] secrets =
        [
            Marker, "Skrivena", Other, "Скриен", "zehra", "mirko",
            .. new[] { story.Evaluator.PersonId, second.PersonId, story.AssignmentId, secondAssignment }.SelectMany(id => new[] { id.ToString(), id.ToString("N") }),
            .. times.SelectMany(at => new[] { at.ToString("HH:mm:ss", CultureInfo.InvariantCulture), at.AddHours(1).ToString("HH:mm", CultureInfo.InvariantCulture) }),
        ];
        foreach (var (where, text) in leaves) AssertTellsNone(where, text, secrets);
        foreach (var (where, text) in leaves.Where(pair => !pair.Key.Contains("staff", StringComparison.Ordinal)))
            AssertTellsNone(where, text, ["evaluators", "two people", "2 evaluator", "evaluatora", "evaluator 1", "оценувачи", "евалуатор"]);
    }

    [Fact]
    public async Task The_machine_that_sends_tells_neither_its_name_nor_its_program()
    {
        await using var story = await ItemMailsTests.WithAccountsAsync();
        foreach (var mail in await ItemMailsTests.SentAsync(story))
        {
            Assert.DoesNotContain(Environment.MachineName, mail.Source, StringComparison.OrdinalIgnoreCase);
            foreach (var header in new[] { "X-Mailer", "User-Agent", "Received", "Reply-To", "Cc", "Bcc" }) Assert.Null(mail.Message.Headers[header]);
            Assert.Single(mail.Message.To.Mailboxes); // nobody learns who else got it
        }
    }

    [Fact]
    public async Task Whoever_has_no_right_gets_neither_letter_nor_mails_nor_their_page_source()
    {
        await using var story = await ItemMailsTests.WithAccountsAsync();
        await story.Deliver(story.Rejected() with { Findings = OutcomesTests.Found });
        var letter = (await story.Letters()).Single();
        foreach (var other in new[] { story.Stranger, story.Evaluator, story.OfficerElsewhere, story.Finance, Story.Person(new HeldRole(Role.CommitteeMember, "*")) })
        {
            foreach (var path in new[] { $"/mails/letters/{letter.Id}", $"/mails/applications/{story.ApplicationId}", $"/mails/letters/release/{story.CallId}", $"/inbox/letters/{letter.Id}" })
            {
                var text = await (await story.As(other).GetAsync(new Uri(path, UriKind.Relative))).Content.ReadAsStringAsync();
                foreach (var secret in new[] { Story.Reference, "78.5", "A clear need", "ana@example.org" }) Assert.DoesNotContain(secret, text);
            }
        }
    }

    static void AssertTellsNone(string where, string text, string[] secrets)
    {
        foreach (var secret in secrets) Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{where} tells '{secret}'");
    }

    /// <summary>Moves the clock to a minute and second of its own, and tells it.</summary>
    static DateTimeOffset Later(Story story)
    {
        story.Service.Clock.Advance(new TimeSpan(1, 17, 13));
        return story.Now;
    }
}
