using Grants.Notifications.Domain;
using Grants.Notifications.Features.Mails.Wording;
using Grants.Platform;
using Grants.Platform.Messaging;
using Grants.Testing;

namespace Grants.Notifications.Tests.Features.Mails;

public sealed class MailsTests
{
    static readonly Uri Page = new("/mails", UriKind.Relative);

    [Fact]
    public async Task In_a_demonstration_anybody_finds_the_mails_with_their_links_newest_first()
    {
        await using var story = await Story.BeginAsync(("Demo:Enabled", "true"));
        Assert.Contains("No mails yet", await story.Service.Client().GetStringAsync(Page));
        await story.Deliver(Story.MailRequested());
        await story.Deliver(Story.MailRequested("invitation", "bs", "/account/invitation?token=abc") with { At = DateTimeOffset.UnixEpoch.AddHours(1) });
        var page = await story.Service.Client().GetStringAsync(Page);
        Assert.Contains("href=\"/account/confirm?token=s3cret\"", page);
        Assert.Contains("amina@example.org", page);
        Assert.Contains("Not sent: no mail server is configured.", page);
        Assert.True(page.IndexOf("Pozvani ste na platformu", StringComparison.Ordinal) < page.IndexOf("Confirm your e-mail address", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Outside_a_demonstration_there_is_no_such_page_for_anybody()
    {
        await using var story = await Story.BeginAsync();
        await story.Deliver(Story.MailRequested());
        foreach (var client in new[] { story.Service.Client(), story.As(story.Officer), story.As(story.Applicant) })
        {
            var answer = await client.GetAsync(Page);
            Assert.True(answer.IsHidden());
            Assert.DoesNotContain("s3cret", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task The_same_mail_is_written_once_whatever_brings_it()
    {
        await using var story = await Story.BeginAsync(("Demo:Enabled", "true"));
        var mail = Story.MailRequested();
        await story.Deliver(mail);
        await story.Deliver(mail);
        var page = await story.Service.Client().GetStringAsync(Page);
        Assert.Equal(2, page.Split("token=s3cret").Length);
    }

    [Fact]
    public void Every_mail_reads_in_every_language()
    {
        foreach (var template in MailText.Templates)
        {
            var about = new MailAbout(null, null, null, "L4C-2026-00042", "Rijeka", true, true);
            var arguments = Argument.Write(template == ItemTemplate.DraftDue ? [DateTimeOffset.UnixEpoch, "Rijeka"] : [new Money(100, "BAM"), "L4C-2026-00042/1"]);
            var subjects = new[] { "en", "bs", "mk" }.Select(language =>
            {
                var mail = new Mail { Template = template, Arguments = arguments };
                mail.Address(new PersonCopy { Name = "Х", Email = "x@example.org", Language = language });
                return MailText.Of(mail, about);
            }).ToList();
            Assert.Equal(["en", "bs", "mk"], subjects.Select(text => text.Language));
            Assert.Equal(3, subjects.Select(text => text.Subject).Distinct().Count());
        }
    }

    [Fact]
    public async Task A_mail_nobody_has_words_for_becomes_a_dead_letter()
    {
        await using var story = await Story.BeginAsync();
        var results = await story.Service.DeliverOnceAsync(Story.MailRequested("surprise"));
        Assert.Equal(Delivery.DeadLettered, Assert.Single(results).Value);
    }

    [Fact]
    public async Task A_link_to_elsewhere_is_not_followed()
    {
        await using var story = await Story.BeginAsync(("Demo:Enabled", "true"));
        await story.Deliver(Story.MailRequested(link: "//evil.example/x"));
        Assert.DoesNotContain("evil.example", await story.Service.Client().GetStringAsync(Page));
    }
}
