using Grants.Notifications.Domain;
using Grants.Notifications.Features.Mails;
using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Testing.Smtp;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;

namespace Grants.Notifications.Tests.Features.Mails;

/// <summary>Mails against a server that speaks SMTP over TCP. The service's own loop has no server here; each test makes loops of its own, which are processes that may die.</summary>
[Trait("Database", "both")]
public sealed class DeliveryTests
{
    [Fact]
    public async Task A_mail_reaches_the_server_once_in_the_readers_language_and_says_so()
    {
        using var server = new FakeMailServer();
        await using var story = await Story.BeginAsync();
        await story.Deliver(Story.MailRequested("invitation", "mk", "/account/invitation?token=s3cret"));
        var loop = Loop(story, server);
        await loop.RunAsync(default);
        await loop.RunAsync(default);

        var taken = Assert.Single(server.Taken);
        Assert.Equal(["amina@example.org"], taken.Recipients);
        var message = await MimeMessage.LoadAsync(new MemoryStream(taken.Bytes));
        var mail = await Only(story);
        Assert.Equal($"{mail.Id:N}@grants.example.org", message.MessageId);
        Assert.Equal("Поканети сте на платформата за грантови", message.Subject);
        Assert.Equal("Grants", message.From.Mailboxes.Single().Name);
        Assert.Equal("auto-generated", message.Headers["Auto-Submitted"]);
        Assert.Contains("https://grants.example.org/account/invitation?token=s3cret", message.TextBody);
        Assert.Contains("Почитувани", message.TextBody);
        Assert.Contains("lang=\"mk\"", message.HtmlBody);
        Assert.Contains("href=\"https://grants.example.org/account/invitation?token=s3cret\"", message.HtmlBody);
        Assert.DoesNotContain("<img", message.HtmlBody);
        Assert.Equal(2, Assert.IsType<MultipartAlternative>(message.Body).Count);

        Assert.Equal(MailState.Sent, mail.State);
        Assert.Contains("taken as 42", mail.Answer);
        Assert.Equal("", mail.Link); // the secret is nowhere here any more
    }

    [Fact]
    public async Task What_is_refused_for_now_is_tried_again_later_each_time_and_sent()
    {
        using var server = new FakeMailServer { AtRecipient = _ => "451 greylisted, come back" };
        await using var story = await Story.BeginAsync();
        await story.Deliver(Story.MailRequested());
        var loop = Loop(story, server);
        await loop.RunAsync(default);
        var mail = await Only(story);
        Assert.Equal((MailState.Waiting, 1), (mail.State, mail.Attempts));
        Assert.Contains("451", mail.Answer);
        Assert.Contains("greylisted", mail.Answer);
        await loop.RunAsync(default); // not due yet
        Assert.Equal(1, (await Only(story)).Attempts);
        story.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        await loop.RunAsync(default);
        Assert.Equal(story.Service.Clock.GetUtcNow().AddMinutes(2), (await Only(story)).DueAt);
        server.AtRecipient = _ => null;
        story.Service.Clock.Advance(TimeSpan.FromMinutes(2));
        await loop.RunAsync(default);
        Assert.Equal(MailState.Sent, (await Only(story)).State);
        Assert.Single(server.Taken);
    }

    [Fact]
    public async Task After_a_day_in_vain_it_is_given_up_for_all_to_see()
    {
        using var server = new FakeMailServer { AtRecipient = _ => "452 mailbox full" };
        await using var story = await Story.BeginAsync(("Demo:Enabled", "true"));
        await story.Deliver(Story.MailRequested());
        var loop = Loop(story, server);
        for (var hour = 0; hour < 25; hour++)
        {
            await loop.RunAsync(default);
            story.Service.Clock.Advance(TimeSpan.FromHours(1));
        }

        var mail = await Only(story);
        Assert.Equal(MailState.GivenUp, mail.State);
        Assert.Equal("", mail.Link);
        var page = await story.Service.Client().GetStringAsync(new Uri("/mails", UriKind.Relative));
        Assert.Contains("could not be sent within a day", page);
        Assert.Contains("mailbox full", page);
        Assert.DoesNotContain("s3cret", page);
        await loop.RunAsync(default);
        Assert.Equal(mail.Attempts, (await Only(story)).Attempts);
    }

    [Fact]
    public async Task What_the_recipients_server_refuses_is_final_and_its_words_are_kept_and_not_logged()
    {
        using var server = new FakeMailServer { AtRecipient = address => address.StartsWith("amina", StringComparison.Ordinal) ? "550 no such user amina" : null };
        await using var story = await Story.BeginAsync();
        await story.Deliver(Story.MailRequested());
        await story.Deliver(Story.MailRequested() with { To = "emir@example.org" });
        var log = new LogLines();
        var loop = Loop(story, server, log: log);
        await loop.RunAsync(default);
        story.Service.Clock.Advance(TimeSpan.FromHours(3));
        await loop.RunAsync(default);
        var mails = await All(story);
        var refused = mails.Single(mail => mail.To == "amina@example.org");
        Assert.Equal((MailState.Refused, 1), (refused.State, refused.Attempts));
        Assert.Contains("550", refused.Answer);
        Assert.Contains("no such user amina", refused.Answer);
        Assert.Equal(MailState.Sent, mails.Single(mail => mail.To == "emir@example.org").State); // its neighbour went out all the same
        Assert.Equal(2, log.Lines.Count);
        Assert.All(log.Lines, line => Assert.DoesNotContain("amina", line));
    }

    [Fact]
    public async Task A_message_refused_for_its_text_is_final_too()
    {
        using var server = new FakeMailServer { AtText = _ => "554 spam" };
        await using var story = await Story.BeginAsync();
        await story.Deliver(Story.MailRequested());
        await Loop(story, server).RunAsync(default);
        Assert.Equal(MailState.Refused, (await Only(story)).State);
    }

    [Theory]
    [InlineData("no address")]
    [InlineData("a@example.org, b@example.org")]
    [InlineData("a@example.org\r\nBcc: b@example.org")]
    public async Task What_is_no_address_is_refused_and_reaches_nobody(string address)
    {
        using var server = new FakeMailServer();
        await using var story = await Story.BeginAsync();
        await story.Deliver(Story.MailRequested() with { To = address });
        await Loop(story, server).RunAsync(default);
        Assert.Equal(MailState.Refused, (await Only(story)).State);
        Assert.Empty(server.Taken);
    }

    [Fact]
    public async Task A_line_cut_before_the_answer_is_tried_again_under_the_same_Message_ID()
    {
        using var server = new FakeMailServer();
        server.HangsUpAfter = _ => server.Taken.Count == 1;
        await using var story = await Story.BeginAsync();
        await story.Deliver(Story.MailRequested());
        var loop = Loop(story, server);
        await loop.RunAsync(default);
        Assert.Equal(MailState.Waiting, (await Only(story)).State);
        story.Service.Clock.Advance(TimeSpan.FromMinutes(2));
        await loop.RunAsync(default);
        Assert.Equal(MailState.Sent, (await Only(story)).State);
        Assert.Equal(2, server.Taken.Count);
        Assert.Single(server.Taken.Select(taken => taken.MessageId).Distinct());
    }

    [Fact]
    public async Task A_process_that_dies_between_answer_and_record_leaves_a_mail_that_comes_again_under_the_same_Message_ID()
    {
        using var server = new FakeMailServer();
        var fails = new FailsToRecord();
        await using var story = await Story.BeginAsync(services => services.AddSingleton<IInterceptor>(fails));
        await story.Deliver(Story.MailRequested());
        fails.Now = true;
        await Assert.ThrowsAnyAsync<Exception>(() => Loop(story, server).RunAsync(default));
        fails.Now = false;
        var after = Loop(story, server); // another process
        await after.RunAsync(default);
        Assert.Single(server.Taken); // the lease holds
        story.Service.Clock.Advance(Mail.Lease);
        await after.RunAsync(default);
        Assert.Equal(2, server.Taken.Count);
        Assert.Single(server.Taken.Select(taken => taken.MessageId).Distinct());
        Assert.Equal(MailState.Sent, (await Only(story)).State);
    }

    [Fact]
    public async Task While_the_database_is_away_the_process_remembers_what_the_server_took_and_does_not_send_it_again()
    {
        using var server = new FakeMailServer();
        var fails = new FailsToRecord();
        await using var story = await Story.BeginAsync(services => services.AddSingleton<IInterceptor>(fails));
        await story.Deliver(Story.MailRequested());
        fails.Now = true;
        var loop = Loop(story, server);
        await Assert.ThrowsAnyAsync<Exception>(() => loop.RunAsync(default));
        story.Service.Clock.Advance(Mail.Lease);
        await Assert.ThrowsAnyAsync<Exception>(() => loop.RunAsync(default));
        fails.Now = false;
        await loop.RunAsync(default);
        Assert.Equal(MailState.Sent, (await Only(story)).State);
        Assert.Single(server.Taken);
    }

    [Fact]
    public async Task Two_loops_at_once_send_each_mail_once()
    {
        using var server = new FakeMailServer();
        await using var story = await Story.BeginAsync();
        await Write(story, 60);
        var loops = new[] { Loop(story, server), Loop(story, server) };
        await Task.WhenAll(loops.Select(loop => loop.RunAsync(default)));
        await loops[0].RunAsync(default);
        AssertEachOnce(server, await All(story), 60);
    }

    [Fact]
    public async Task Two_hundred_mails_with_a_restart_in_the_middle_none_is_lost_and_none_goes_twice()
    {
        using var server = new FakeMailServer();
        using var stop = new CancellationTokenSource();
        server.AtText = _ =>
        {
            if (server.Taken.Count == 77) stop.Cancel();
            return null;
        };
        await using var story = await Story.BeginAsync();
        await Write(story, 200);
        await Loop(story, server).RunAsync(stop.Token);
        Assert.InRange(server.Taken.Count, 77, 79); // the one under way was sent to its end
        var restarted = Loop(story, server);
        for (var pass = 0; pass < 3; pass++) await restarted.RunAsync(default);
        AssertEachOnce(server, await All(story), 200);
    }

    [Fact]
    public async Task A_server_that_is_away_is_asked_seldom_and_nothing_is_lost()
    {
        await using var story = await Story.BeginAsync();
        await Write(story, 3);
        var server = new FakeMailServer();
        var loop = Loop(story, server);
        server.Dispose();
        await loop.RunAsync(default);
        await loop.RunAsync(default);
        var mails = await All(story);
        Assert.Equal(1, mails.Sum(mail => mail.Attempts)); // the others would only meet the same
        Assert.All(mails, mail => Assert.Equal(MailState.Waiting, mail.State));

        using var back = new FakeMailServer();
        story.Service.Clock.Advance(TimeSpan.FromMinutes(2));
        await Loop(story, back).RunAsync(default);
        AssertEachOnce(back, await All(story), 3);
    }

    [Fact]
    public async Task It_signs_in_where_the_settings_say_so_and_a_wrong_password_loses_nothing()
    {
        using var server = new FakeMailServer { AtSignIn = "535 no" };
        await using var story = await Story.BeginAsync();
        await Write(story, 2);
        (string, string)[] login = [("Smtp:User", "grants"), ("Smtp:Password", "p4ss")];
        await Loop(story, server, login).RunAsync(default);
        Assert.All(await All(story), mail => Assert.Equal(MailState.Waiting, mail.State));
        server.AtSignIn = "235 welcome";
        story.Service.Clock.Advance(TimeSpan.FromMinutes(2));
        await Loop(story, server, login).RunAsync(default);
        Assert.Equal("grants p4ss", server.SignedIn);
        AssertEachOnce(server, await All(story), 2);
    }

    [Fact]
    public async Task A_line_that_must_be_secret_is_not_used_in_the_open()
    {
        using var server = new FakeMailServer();
        await using var story = await Story.BeginAsync();
        await Write(story, 1);
        await Loop(story, server, [("Smtp:Tls", "starttls")]).RunAsync(default);
        Assert.Equal(MailState.Waiting, (await Only(story)).State);
        Assert.Empty(server.Taken);
    }

    [Fact]
    public async Task The_service_sends_by_itself_with_the_settings_of_its_environment()
    {
        using var server = new FakeMailServer();
        await using var story = await Story.BeginAsync([.. server.Settings, ("PublicOrigin", "https://grants.example.org")]);
        await story.Deliver(Story.MailRequested());
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await Only(story)).State != MailState.Sent) await pause.WaitForNextTickAsync(patience.Token);
        Assert.Single(server.Taken);
    }

    [Theory]
    [InlineData("Smtp:Tls", "maybe", "Smtp:Tls")]
    [InlineData("Smtp:Port", "smtp", "Smtp:Port")]
    [InlineData("Smtp:Port", "70000", "Smtp:Port")]
    [InlineData("Smtp:Sender", "", "Smtp:Sender")]
    [InlineData("Smtp:Sender", "nobody", "Smtp:Sender")]
    [InlineData("Smtp:User", "grants", "Smtp:Password")]
    [InlineData("Smtp:Host", "mail.example.org", "Smtp:Password")]
    public void A_setting_that_cannot_be_used_is_named(string name, string value, string named)
    {
        var settings = new Dictionary<string, string?> { ["Smtp:Host"] = "127.0.0.1", ["Smtp:Sender"] = "grants@example.org", ["Smtp:Tls"] = "none" };
        if (name == "Smtp:Host") (settings["Smtp:User"], settings["Smtp:Password"]) = ("grants", "p4ss"); // readable over the network
        settings[name] = value;
        var error = Assert.Throws<InvalidOperationException>(() => MailServer.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()));
        Assert.Contains(named, error.Message);
    }

    [Fact]
    public async Task Wrong_settings_end_the_start()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Story.BeginAsync(("Smtp:Host", "127.0.0.1")));
        Assert.Contains("Smtp:Sender", error.Message);
    }

    internal static SendMails Loop(Story story, FakeMailServer server, (string, string)[]? more = null, Microsoft.Extensions.Logging.ILogger<SendMails>? log = null)
    {
        var settings = server.Settings.Concat(more ?? []).GroupBy(pair => pair.Item1).ToDictionary(pair => pair.Key, pair => (string?)pair.Last().Item2);
        var services = story.Service.Services;
        return new SendMails(
            new MailSettings(MailServer.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())), () => PublicOrigin.Parse("https://grants.example.org"),
            services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<AppTime>(), log ?? NullLogger<SendMails>.Instance);
    }

    internal static Task<List<Mail>> All(Story story) => story.Service.Db<NotificationsDb, List<Mail>>(db => db.Mails.AsNoTracking().OrderBy(mail => mail.CreatedAt).ToListAsync());

    static async Task<Mail> Only(Story story) => Assert.Single(await All(story));

    static Task Write(Story story, int count) => story.Service.Db<NotificationsDb>(async db =>
    {
        for (var number = 0; number < count; number++)
            db.Mails.Add(Mail.WithSecret(Guid.CreateVersion7(), "confirm-email", $"person{number}@example.org", $"Person {number}", "en", $"/account/confirm?token={number}", story.Now));
        await db.SaveChangesAsync();
    });

    static void AssertEachOnce(FakeMailServer server, IReadOnlyList<Mail> mails, int count)
    {
        Assert.All(mails, mail => Assert.Equal(MailState.Sent, mail.State));
        Assert.Equal(count, server.Taken.Count);
        Assert.Equal(mails.Select(mail => mail.To).Order(StringComparer.Ordinal), server.Taken.Select(taken => taken.Recipients.Single()).Order(StringComparer.Ordinal));
    }

    /// <summary>A database that cannot be written when a mail's end is to be recorded.</summary>
    sealed class FailsToRecord : SaveChangesInterceptor
    {
        public bool Now { get; set; }

        public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
            Now && eventData.Context!.ChangeTracker.Entries<Mail>().Any(entry => entry.Entity.State == MailState.Sent)
                ? throw new TimeoutException("The database is away.")
                : ValueTask.FromResult(result);
    }

    sealed class LogLines : Microsoft.Extensions.Logging.ILogger<SendMails>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception) + exception);
    }
}
