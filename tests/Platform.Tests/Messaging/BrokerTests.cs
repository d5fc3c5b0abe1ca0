using System.Text;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Testing;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace Grants.Platform.Tests.Messaging;

/// <summary>What is different when the queues are in RabbitMQ: real broker, real PostgreSQL.</summary>
public sealed class BrokerTests
{
    static Task<World> StartAsync(string? folder = null, Action<IServiceCollection>? configure = null, Script? script = null) =>
        World.StartAsync(folder, configure, script, onBroker: true);

    /// <summary>Puts something on a queue past the product, as whoever has the broker's address could.</summary>
    static async Task PutAsync(World world, string queue, byte[] body, Guid? id = null)
    {
        var address = world.Services.GetRequiredService<IConfiguration>().GetConnectionString("rabbitmq")!;
        await using var connection = await new ConnectionFactory { Uri = new Uri(address) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var properties = new BasicProperties { ContentType = "application/vnd.masstransit+json", Persistent = true, MessageId = id?.ToString() };
        await channel.BasicPublishAsync("", queue, mandatory: true, properties, body);
    }

    static byte[] Envelope(string type, string message, Guid id, string? bodyHash = null) => Encoding.UTF8.GetBytes(
        $$"""{"messageId":"{{id}}","messageType":["urn:message:{{type}}"],"headers":{"{{EventBody.HashHeader}}":"{{bodyHash}}"},"message":{{message}}}""");

    static string Said(DateTimeOffset at, string text) =>
        $$"""{"about":"{{Guid.CreateVersion7()}}","subjectVersion":1,"at":"{{at:O}}","text":"{{text}}"}""";

    static async Task<DeadLetter> TheLetterAsync(World world)
    {
        await Eventually.True(async () => await world.Count<BetaDb, DeadLetter>() == 1, "the dead letter is there");
        // What is good still gets through, and the bad one does not come back.
        await world.SayAsync("good");
        await world.IdleAsync();
        Assert.Contains("good", await world.Notes<BetaDb>());
        return await world.In<BetaDb, DeadLetter>(async db => (await DeadLetters.ListAsync(db)).Single());
    }

    [Fact]
    public async Task A_message_that_no_queue_takes_stays_in_the_outbox_and_says_so()
    {
        await using var world = await StartAsync();
        await world.In<AlphaDb>(async db =>
        {
            db.Publish(new NobodyListens(Guid.CreateVersion7(), 1, World.Now));
            await db.SaveChangesAsync();
        });
        await Eventually.True(() => world.In<AlphaDb, bool>(db => db.Set<OutboxMessage>().AnyAsync(row => row.Attempts == 1 && row.DueAt != null && row.LastError != null)), "it was returned");
        await world.SayAsync("elsewhere");
        await Eventually.True(async () => (await world.Notes<BetaDb>()).Count == 1, "others get through");
    }

    [Theory]
    [InlineData("this is not JSON")]
    [InlineData("{}")]
    [InlineData("[1,2,3]")]
    [InlineData("")]
    public async Task What_is_no_message_becomes_a_dead_letter(string body)
    {
        await using var world = await StartAsync();
        await PutAsync(world, "beta.on-said", Encoding.UTF8.GetBytes(body));
        await PutAsync(world, "beta.on-said", Encoding.UTF8.GetBytes(body));
        var letter = await TheLetterAsync(world);
        Assert.Equal(("beta.on-said", body, false), (letter.Consumer, letter.Body, letter.Waiting));
        Assert.NotEmpty(letter.Error);
    }

    [Fact]
    public async Task A_message_of_another_type_becomes_a_dead_letter_with_its_name()
    {
        await using var world = await StartAsync();
        await PutAsync(world, "beta.on-said", Envelope("Grants.Contracts:NeverHeardOf", "{}", Guid.CreateVersion7()));
        var letter = await TheLetterAsync(world);
        Assert.Equal("urn:message:Grants.Contracts:NeverHeardOf", letter.Type);
    }

    [Fact]
    public async Task A_message_too_long_to_be_an_event_becomes_a_dead_letter_and_is_cut()
    {
        await using var world = await StartAsync();
        await PutAsync(world, "beta.on-said", Envelope("Grants.Platform.Tests.Messaging:Said", Said(World.Now, new string('x', 2 << 20)), Guid.CreateVersion7()));
        var letter = await TheLetterAsync(world);
        Assert.Contains("bytes", letter.Error, StringComparison.Ordinal);
        Assert.InRange(letter.Body.Length, 1, 64 * 1024);
    }

    [Fact]
    public async Task An_event_from_the_future_becomes_a_dead_letter_that_can_be_tried_again()
    {
        await using var world = await StartAsync();
        await PutAsync(world, "beta.on-said", Envelope("Grants.Platform.Tests.Messaging:Said", Said(World.Now.AddYears(1), "next year"), Guid.CreateVersion7()));
        var letter = await TheLetterAsync(world);
        Assert.Contains("has not come yet", letter.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("next year", await world.Notes<BetaDb>());
        Assert.True(await DeadLetters.RetryAsync(world.Services, typeof(BetaDb), letter.Id, Guid.CreateVersion7()));
        Assert.Contains("next year", await world.Notes<BetaDb>());
    }

    [Fact]
    public async Task Another_content_under_a_known_id_becomes_one_dead_letter_and_has_no_effect()
    {
        await using var world = await StartAsync();
        var id = Guid.CreateVersion7();
        foreach (var text in new[] { "first", "first", "second", "second", "third" })
        {
            await PutAsync(world, "beta.on-said", Envelope("Grants.Platform.Tests.Messaging:Said", Said(World.Now, text), id, EventBody.Hash(text)));
            await Eventually.True(async () => (await world.Notes<BetaDb>()).Contains("first"), "the first is handled");
        }

        var letter = await TheLetterAsync(world);
        Assert.Equal(id, letter.MessageId);
        Assert.Contains("other content", letter.Error, StringComparison.Ordinal);
        Assert.Equal(["first", "good"], await world.Notes<BetaDb>());
    }

    [Fact]
    public async Task A_message_without_an_id_becomes_a_dead_letter()
    {
        await using var world = await StartAsync();
        await PutAsync(world, "beta.on-said", Encoding.UTF8.GetBytes(
            $$"""{"messageType":["urn:message:Grants.Platform.Tests.Messaging:Said"],"message":{{Said(World.Now, "nameless")}}}"""));
        var letter = await TheLetterAsync(world);
        Assert.Contains("no id", letter.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_copies_at_once_in_two_replicas_have_one_effect()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync(first.Folder);
        var envelope = Envelope("Grants.Platform.Tests.Messaging:Said", Said(World.Now, "once"), Guid.CreateVersion7());
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PutAsync(first, "beta.on-said", envelope)));
        await Eventually.True(async () => (await first.Notes<BetaDb>()).Count == 1, "handled");
        await first.SayAsync("marker");
        await first.IdleAsync();
        await second.IdleAsync();
        Assert.Equal(["marker", "once"], await first.Notes<BetaDb>());
        Assert.Equal((0, 0), (await first.Count<BetaDb, DeadLetter>(), await first.Count<BetaDb, OutboxMessage>()));
    }

    [Fact]
    public async Task Two_replicas_publish_each_row_once_and_each_subject_in_its_order()
    {
        var published = new Published();
        await using var first = await StartAsync(configure: services => services.AddSingleton(published).AddPublishObserver<PublishedObserver>());
        await using var second = await StartAsync(first.Folder, services => services.AddSingleton(published).AddPublishObserver<PublishedObserver>());
        var subjects = Enumerable.Range(0, 10).Select(_ => Guid.CreateVersion7()).ToArray();
        for (var i = 0; i < 300; i += 6)
        {
            // Either replica commits in turn, and wakes its own relay.
            await (i % 12 == 0 ? first : second).In<AlphaDb>(async db =>
            {
                for (var k = i; k < i + 6; k++) db.Publish(new Said(subjects[k % 10], k, World.Now, $"{k:000}"));
                await db.SaveChangesAsync();
            });
        }

        await first.IdleAsync();
        await second.IdleAsync();
        var all = published.Messages.OfType<Said>().ToList();
        Assert.Equal(300, all.Count);
        foreach (var subject in all.GroupBy(said => said.Subject)) Assert.Equal(subject.Select(said => said.SubjectVersion).Order(), subject.Select(said => said.SubjectVersion));
        Assert.Equal(300, await first.Count<BetaDb, Note>());
    }

    [Fact]
    public async Task Stopping_while_a_handler_waits_leaves_the_message_in_its_queue()
    {
        var script = new Script { First = (_, _, _) => throw new NotYet("something") };
        string folder;
        await using (var first = await World.StartAsync(script: script, onBroker: true, settings: ("Messaging:HoldMilliseconds", "600000")))
        {
            folder = first.Folder;
            await first.SayAsync("held");
            await Eventually.True(() => Task.FromResult(script.Calls > 0), "the handler was called");
            await first.StopAsync();
            Assert.Equal((0, 0), (await first.Count<BetaDb, DeadLetter>(), await first.Count<BetaDb, InboxMessage>()));
            await using var second = await StartAsync(folder);
            await second.IdleAsync();
            Assert.Equal(["held"], await second.Notes<BetaDb>());
        }
    }

    [Fact]
    public async Task What_the_broker_does_not_confirm_is_no_fault_of_the_row()
    {
        await using var world = await StartAsync();
        var refusal = new Refusal(message => message is Said { Text: "unconfirmed" }) { With = () => new TimeoutException("No confirmation came.") };
        world.Services.GetRequiredService<IBus>().ConnectPublishObserver(refusal);
        await world.SayAsync("unconfirmed");
        for (var pass = 1; pass <= 25; pass++)
        {
            // The broker takes others: it is there.
            await world.SayAsync($"{pass}");
            await Eventually.True(async () =>
            {
                world.Time.Advance(TimeSpan.FromMinutes(1));
                world.Wake();
                return (await world.Notes<BetaDb>()).Contains($"{pass}") && refusal.Attempts >= pass;
            }, "tried again, and others got through");
        }

        Assert.Equal(0, await world.In<AlphaDb, int>(db => db.Set<OutboxMessage>().Where(row => row.Body.Contains("unconfirmed")).Select(row => row.Attempts).SingleAsync()));
        refusal.Refuses = _ => false;
        await Eventually.True(async () =>
        {
            world.Time.Advance(TimeSpan.FromMinutes(1));
            world.Wake();
            return (await world.Notes<BetaDb>()).Contains("unconfirmed");
        }, "it goes when the broker confirms");
    }

    [Fact]
    public async Task A_broker_that_goes_away_in_the_middle_of_a_batch_counts_no_attempt()
    {
        var address = new Uri(RabbitServer.NewHost());
        using var line = new FaultyLine(address.Port);
        var gone = new Refusal(_ => false);
        await using var world = await World.StartAsync(onBroker: true, settings: ("ConnectionStrings:rabbitmq", new UriBuilder(address) { Port = line.Port }.ToString()));
        var (begun, ended) = (0, 0);
        gone.Refuses = _ =>
        {
            if (Interlocked.Increment(ref begun) == 50)
            {
                line.GoAway();
                Volatile.Write(ref ended, 1);
            }

            return false;
        };
        world.Services.GetRequiredService<IBus>().ConnectPublishObserver(gone);
        await world.SayAsync([.. Enumerable.Range(0, 100).Select(i => $"{i}")]);
        await Eventually.True(() => Task.FromResult(Volatile.Read(ref ended) == 1), "the broker went away");
        var bus = world.Services.GetRequiredService<IBusControl>();
        await bus.WaitForHealthStatus(BusHealthStatus.Unhealthy, World.Patience);
        line.ComeBack();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await world.Notes<BetaDb>()).Count < 100)
        {
            await pause.WaitForNextTickAsync(patience.Token);
            Assert.Null(await world.In<AlphaDb, string?>(db => db.Set<OutboxMessage>().Where(row => row.Attempts > 0).Select(row => row.LastError).FirstOrDefaultAsync()));
            world.Time.Advance(TimeSpan.FromMinutes(1));
            world.Wake();
        }
    }

    [Fact]
    public async Task Every_queue_is_read_again_after_a_line_that_was_reset_over_and_over()
    {
        var address = new Uri(RabbitServer.NewHost());
        using var line = new FaultyLine(address.Port);
        await using var world = await World.StartAsync(
            onBroker: true, settings: [("ConnectionStrings:rabbitmq", new UriBuilder(address) { Port = line.Port }.ToString()), ("Messaging:QueuePatienceMilliseconds", "3000")]);
        var random = new Random(7);
        // While queues are declared and consumers begin, above all: that is where a queue is given up.
        for (var reset = 0; reset < 60; reset++)
        {
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(random.Next(20, 400)));
            await pause.WaitForNextTickAsync();
            line.Reset();
        }

        await world.SayAsync("after it all");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!(await world.Notes<BetaDb>()).Contains("after it all") || !(await world.Notes<AlphaDb>()).Contains("answer to after it all"))
        {
            await look.WaitForNextTickAsync(patience.Token);
            world.Time.Advance(TimeSpan.FromMinutes(1));
            world.Wake();
        }

        await world.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, World.Patience);
    }

    [Fact]
    public async Task The_server_ends_a_transaction_whose_process_was_lost()
    {
        await using var world = await StartAsync();
        // Otherwise the turn to relay would be gone until the server notices a cut line, which takes it hours.
        Assert.Equal("1min", await world.In<AlphaDb, string>(db => db.Database.SqlQuery<string>($"select current_setting('idle_in_transaction_session_timeout') as \"Value\"").SingleAsync()));
    }

    [Fact]
    public async Task A_release_step_without_a_broker_gives_up_with_a_sentence()
    {
        using var line = new FaultyLine(1);
        line.GoAway();
        await using var app = GrantsHost.Build(["--migrate", "--Messaging:Transport=rabbitmq", "--Database:Provider=postgres", $"--ConnectionStrings:rabbitmq=amqp://127.0.0.1:{line.Port}/"], [World.Alpha]);
        var error = await Assert.ThrowsAsync<QueuesNotDeclared>(() => MessagingRegistration.DeclareTopologyAsync(app.Services, TimeSpan.FromSeconds(2))).WaitAsync(World.Patience);
        Assert.StartsWith("Broker unreachable", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_with_a_hash_that_is_none_becomes_a_dead_letter()
    {
        await using var world = await StartAsync();
        await PutAsync(world, "beta.on-said", Envelope("Grants.Platform.Tests.Messaging:Said", Said(World.Now, "odd"), Guid.CreateVersion7(), new string('F', 33)));
        var letter = await TheLetterAsync(world);
        Assert.Contains("hash", letter.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_takes_no_place_from_a_message_with_the_same_id()
    {
        var script = new Script { First = (text, _, _) => text == "bad" ? throw new InvalidOperationException("No.") : Task.CompletedTask };
        await using var world = await StartAsync(script: script);
        var id = Guid.CreateVersion7();
        await PutAsync(world, "beta.on-said", Envelope("Grants.Contracts:NeverHeardOf", "{}", id), id);
        await TheLetterAsync(world);
        await PutAsync(world, "beta.on-said", Envelope("Grants.Platform.Tests.Messaging:Said", Said(World.Now, "bad"), id), id);
        await Eventually.True(async () => await world.Count<BetaDb, DeadLetter>() == 2, "each has its letter");
    }

    [Fact]
    public async Task A_failure_whose_words_the_database_does_not_take_becomes_a_dead_letter()
    {
        const string words = "with a \0 and half a \uD83D in it";
        var script = new Script { First = (text, _, _) => text == "bad" ? throw new InvalidOperationException(words) : Task.CompletedTask };
        await using var world = await StartAsync(script: script);
        await world.SayAsync("bad");
        var letter = await TheLetterAsync(world);
        Assert.Contains("in it", letter.Error, StringComparison.Ordinal);
    }

    sealed class Published
    {
        public System.Collections.Concurrent.ConcurrentQueue<object> Messages { get; } = new();
    }

    sealed class PublishedObserver(Published published) : IPublishObserver
    {
        public Task PrePublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;

        public Task PostPublish<T>(PublishContext<T> context) where T : class
        {
            published.Messages.Enqueue(context.Message);
            return Task.CompletedTask;
        }

        public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;
    }
}
