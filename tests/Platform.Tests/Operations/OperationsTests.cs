using System.Net;
using Grants.Contracts;
using Grants.Contracts.Accounts;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Operations;
using Grants.Platform.Persistence;
using Grants.Platform.Tests.Messaging;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Platform.Tests.Operations;

public sealed class OperationsTests
{
    static readonly Func<string, DbContext, CancellationToken, Task> Refuse = (text, _, _) => text.StartsWith("bad", StringComparison.Ordinal)
        ? throw new InvalidOperationException($"no good: {text.Length}") : Task.CompletedTask;

    [Fact]
    public async Task Only_an_administrator_of_everything_finds_the_pages()
    {
        await using var app = await OperationsApp.StartAsync();
        app.Script.First = Refuse;
        var letter = (await app.LettersOfAsync("bad")).Single();
        Assert.Equal(1 + 2 * 8, app.Routes.Count());
        foreach (var route in app.Routes)
        {
            var path = route.RoutePattern.RawText!.Replace("{id:guid}", letter.Id.ToString(), StringComparison.Ordinal)
                .Replace("{messageId:guid}", letter.MessageId.ToString(), StringComparison.Ordinal);
            var method = new HttpMethod(route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0]);
            foreach (var role in Role.All.Except([Role.Administrator]))
                Assert.Equal(HttpStatusCode.NotFound, (await app.SendAsync(OperationsApp.Person("*", role), method, path)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await app.SendAsync(OperationsApp.Person("programme:L4C", Role.Administrator), method, path)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await app.SendAsync(OperationsApp.Person("*"), method, path)).StatusCode);
            Assert.Equal(method == HttpMethod.Get ? HttpStatusCode.Redirect : HttpStatusCode.Unauthorized, (await app.SendAsync(Caller.Anonymous, method, path)).StatusCode);
        }

        Assert.Equal(letter.Error, (await app.LettersOfAsync()).Single().Error); // and nothing happened
    }

    [Fact]
    public async Task With_nothing_wrong_every_page_says_so()
    {
        await using var app = await OperationsApp.StartAsync();
        Assert.Contains("href=\"/operations/reviews\"", await app.ReadAsync("/operations"), StringComparison.Ordinal);
        var overview = await app.ReadAsync("/operations/beta");
        Assert.Contains("Connected", overview, StringComparison.Ordinal);
        Assert.Contains("0 messages", overview, StringComparison.Ordinal);
        Assert.Contains("No message waits for you", await app.ReadAsync("/operations/beta/letters"), StringComparison.Ordinal);
        Assert.Contains("All figures agree", await app.ReadAsync("/operations/beta/differences"), StringComparison.Ordinal);
        Assert.Contains("Every message can be sent", await app.ReadAsync("/operations/beta/parked"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await app.SendAsync(OperationsApp.Administrator, HttpMethod.Get, $"/operations/beta/letters/{Guid.CreateVersion7()}")).StatusCode);
    }

    [Fact]
    public async Task A_message_is_handled_from_its_page_once_the_cause_is_removed()
    {
        await using var app = await OperationsApp.StartAsync();
        app.Script.First = Refuse;
        var letter = (await app.LettersOfAsync("bad")).Single();
        Assert.Contains($"/operations/beta/letters/{letter.Id}", await app.ReadAsync("/operations/beta/letters"), StringComparison.Ordinal);
        Assert.Contains("1 message<", await app.ReadAsync("/operations/beta"), StringComparison.Ordinal);
        var page = await app.ReadAsync($"/operations/beta/letters/{letter.Id}");
        Assert.Contains("no good: 3", page, StringComparison.Ordinal);
        Assert.Contains("beta.on-said", page, StringComparison.Ordinal);

        // In vain: the page has the new reason.
        app.Script.First = (_, _, _) => throw new InvalidOperationException("still no good");
        var again = await app.PostAsync($"/operations/beta/letters/{letter.Id}/retry");
        Assert.Equal($"/operations/beta/letters/{letter.Id}?failed=again", again);
        page = await app.ReadAsync(again);
        Assert.Contains("It failed again", page, StringComparison.Ordinal);
        Assert.Contains("still no good", page, StringComparison.Ordinal);
        Assert.DoesNotContain("no good: 3", page, StringComparison.Ordinal);
        Assert.Equal(letter.Attempts + 1, (await app.LettersOfAsync()).Single().Attempts);

        // Two clicks are one effect.
        app.Script.First = (_, _, _) => Task.CompletedTask;
        Assert.Equal("/operations/beta/letters?done=handled", await app.PostAsync($"/operations/beta/letters/{letter.Id}/retry"));
        Assert.Equal("/operations/beta/letters?done=gone", await app.PostAsync($"/operations/beta/letters/{letter.Id}/retry"));
        Assert.Contains("The message was handled", await app.ReadAsync("/operations/beta/letters?done=handled"), StringComparison.Ordinal);
        Assert.Contains("The message is no longer open", await app.ReadAsync("/operations/beta/letters?done=gone"), StringComparison.Ordinal);
        Assert.Equal(["bad"], await app.In<BetaDb, List<string>>(db => db.Set<Note>().Select(note => note.Text).ToListAsync()));
        var audit = await app.In<BetaDb, AuditEntry>(db => db.Set<AuditEntry>().SingleAsync());
        Assert.Equal((OperationsApp.Administrator.PersonId, "dead-letter.retried", letter.MessageId.ToString()), (audit.PersonId, audit.Action, audit.Subject));
    }

    [Fact]
    public async Task A_message_is_resolved_with_a_reason_and_only_once()
    {
        await using var app = await OperationsApp.StartAsync();
        app.Script.First = Refuse;
        var letter = (await app.LettersOfAsync("bad")).Single();
        var path = $"/operations/beta/letters/{letter.Id}";

        foreach (var reason in (string[])["", "   ", new string('x', 501)])
        {
            var refused = await app.SendAsync(OperationsApp.Administrator, HttpMethod.Post, path + "/resolution", ("reason", reason));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains(reason.Length > 500 ? reason : "Write why", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => app.PostAsync(path + "/resolution", ("reason", "told by telephone")))));
        Assert.Equal(1, answers.Count(answer => answer == "/operations/beta/letters?done=resolved"));
        Assert.Equal(3, answers.Count(answer => answer == "/operations/beta/letters?done=gone"));
        var audit = await app.In<BetaDb, AuditEntry>(db => db.Set<AuditEntry>().SingleAsync());
        Assert.Equal((OperationsApp.Administrator.PersonId, "dead-letter.resolved", "told by telephone"), (audit.PersonId, audit.Action, audit.Reason));

        // It is not offered any more, and a page that was left open says so.
        Assert.Contains("No message waits for you", await app.ReadAsync("/operations/beta/letters"), StringComparison.Ordinal);
        var page = await app.ReadAsync(path);
        Assert.Contains("told by telephone", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<form method=\"post\" action=\"/operations", page, StringComparison.Ordinal);
        app.Script.First = (_, _, _) => Task.CompletedTask;
        Assert.Equal("/operations/beta/letters?done=gone", await app.PostAsync(path + "/retry"));
        Assert.Empty(await app.In<BetaDb, List<Note>>(db => db.Set<Note>().ToListAsync()));
    }

    [Fact]
    public async Task Many_messages_are_shown_in_pages_oldest_first()
    {
        await using var app = await OperationsApp.StartAsync();
        app.Script.First = Refuse;
        var letters = await app.LettersOfAsync([.. Enumerable.Range(1, 53).Select(number => $"bad {number}")]);
        Assert.Equal(53, letters.Count);
        var first = await app.ReadAsync("/operations/beta/letters");
        Assert.Contains(letters[0].Id.ToString(), first, StringComparison.Ordinal);
        Assert.DoesNotContain(letters[50].Id.ToString(), first, StringComparison.Ordinal);
        var second = await app.ReadAsync($"/operations/beta/letters?after={letters[49].Id}");
        Assert.Contains($"href=\"/operations/beta/letters?after={letters[49].Id}\"", first, StringComparison.Ordinal);
        Assert.DoesNotContain($"/letters/{letters[49].Id}", second, StringComparison.Ordinal);
        Assert.All(letters.Skip(50), letter => Assert.Contains($"/letters/{letter.Id}", second, StringComparison.Ordinal));
        Assert.DoesNotContain("href=\"/operations/beta/letters?after=", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parked_event_goes_when_it_is_let_go()
    {
        await using var app = await OperationsApp.StartAsync();
        var (subject, id) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var row = new OutboxMessage
        {
            MessageId = id, Type = typeof(Said).FullName!, Subject = subject.ToString(), EnqueuedAt = World.Now, DueAt = OutboxMessage.Parked, Attempts = 20, LastError = "nobody home",
            Body = $$"""{"about":"{{subject}}","subjectVersion":1,"at":"2027-01-04T09:00:00Z","text":"late"}""",
        };
        await app.In<AlphaDb, int>(db =>
        {
            db.Add(row);
            return db.SaveChangesAsync();
        });
        var page = await app.ReadAsync("/operations/alpha/parked");
        Assert.Contains("nobody home", page, StringComparison.Ordinal);
        Assert.Contains(subject.ToString(), page, StringComparison.Ordinal);

        Assert.Equal("/operations/alpha/parked?done=released", await app.PostAsync($"/operations/alpha/parked/{id}/release"));
        Assert.Equal("/operations/alpha/parked?done=gone", await app.PostAsync($"/operations/alpha/parked/{id}/release"));
        Assert.Contains("on its way again", await app.ReadAsync("/operations/alpha/parked?done=released"), StringComparison.Ordinal);
        await Eventually.True(() => app.In<BetaDb, bool>(db => db.Set<Note>().AnyAsync(note => note.Text == "late")), "the event arrived");
        Assert.Equal("outbox.released", (await app.In<AlphaDb, AuditEntry>(db => db.Set<AuditEntry>().SingleAsync())).Action);
    }

    [Fact]
    public void What_operators_see_of_a_message_holds_no_persons_words_and_no_links()
    {
        var (mail, at) = (Guid.CreateVersion7(), new DateTimeOffset(2027, 1, 4, 9, 0, 0, TimeSpan.Zero));
        IEvent request = new MailWithSecretRequested(mail, 1, at, "invitation", "ana@example.org", "Ana Kovačević", "bs", "/account/invitation?token=abc");
        var shown = SafeJson.Of(System.Text.Json.JsonSerializer.Serialize(request, request.GetType(), MessageJson.Options), length => $"({length})");
        Assert.Contains(mail.ToString(), shown, StringComparison.Ordinal);
        Assert.Contains("2027-01-04T09:00:00", shown, StringComparison.Ordinal);
        Assert.Contains("\"link\": \"(29)\"", shown, StringComparison.Ordinal);
        Assert.All(["ana@", "Kovačević", "token", "invitation\""], secret => Assert.DoesNotContain(secret, shown, StringComparison.Ordinal));
        Assert.Equal("(8)", SafeJson.Of("not json", length => $"({length})"));
    }
}
