using System.Text.Json;
using System.Diagnostics;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Tests.Messaging;

public sealed class InboxTests
{
    static Said Something(string text) => new(Guid.CreateVersion7(), 1, World.Now, text);

    [Fact]
    public async Task A_message_delivered_twice_has_one_effect()
    {
        await using var world = await World.StartAsync();
        var (message, id) = (Something("once"), Guid.CreateVersion7());
        var first = await InboxDelivery.DeliverAsync(world.Services, message, id);
        var second = await InboxDelivery.DeliverAsync(world.Services, message, id);
        await world.IdleAsync();

        Assert.Equal(["alpha.on-said-too", "beta.on-said"], first.Keys.Order());
        Assert.All(first.Values, delivery => Assert.Equal(Delivery.Handled, delivery));
        Assert.All(second.Values, delivery => Assert.Equal(Delivery.Duplicate, delivery));
        Assert.Equal(["once"], await world.Notes<BetaDb>());
        Assert.Equal(["answer to once", "once"], await world.Notes<AlphaDb>());
    }

    [Fact]
    public async Task A_message_delivered_many_times_at_once_has_one_effect()
    {
        await using var world = await World.StartAsync();
        var (message, id) = (Something("once"), Guid.CreateVersion7());
        var deliveries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => InboxDelivery.DeliverAsync(world.Services, message, id))));
        await world.IdleAsync();

        Assert.Equal(1, deliveries.Count(delivery => delivery["beta.on-said"] == Delivery.Handled));
        Assert.Equal(7, deliveries.Count(delivery => delivery["beta.on-said"] == Delivery.Duplicate));
        Assert.Equal(["once"], await world.Notes<BetaDb>());
        Assert.Single(world.Script.Handled);
    }

    [Fact]
    public async Task A_handler_that_leaves_a_dirty_context_succeeds_in_the_next_scope()
    {
        await using var world = await World.StartAsync();
        var attempts = 0;
        world.Script.First = async (_, db, ct) =>
        {
            if (Interlocked.Increment(ref attempts) > 1) return;
            db.Add(new Note { Text = "left over" });
            await db.SaveChangesAsync(ct);
            db.Add(new Note { Text = "forbidden" });
        };
        await world.SayAsync("good");
        await world.IdleAsync();

        Assert.Equal(2, attempts);
        Assert.Equal(["good"], await world.Notes<BetaDb>());
        Assert.Equal(0, await world.Count<BetaDb, DeadLetter>());
    }

    [Fact]
    public async Task A_handler_that_always_fails_ends_as_a_dead_letter_and_delays_nobody_for_ever()
    {
        await using var world = await World.StartAsync();
        var attempts = 0;
        world.Script.First = (text, _, _) => text == "bad" && Interlocked.Increment(ref attempts) > 0 ? throw new InvalidOperationException("no good") : Task.CompletedTask;
        await world.SayAsync("bad", "good");
        await world.IdleAsync();

        Assert.Equal(4, attempts);
        Assert.Equal(["good"], await world.Notes<BetaDb>());
        Assert.Contains("bad", await world.Notes<AlphaDb>()); // the other listener is not concerned
        var letter = (await world.In<BetaDb, IReadOnlyList<DeadLetter>>(db => DeadLetters.ListAsync(db))).Single();
        Assert.Equal(("beta.on-said", typeof(Said).FullName, 4, false), (letter.Consumer, letter.Type, letter.Attempts, letter.Waiting));
        Assert.Contains("no good", letter.Error);
        Assert.True(await world.In<BetaDb, bool>(db => db.Set<InboxMessage>().AnyAsync(row => row.MessageId == letter.MessageId)));
    }

    [Fact]
    public async Task A_dead_letter_and_its_inbox_row_are_written_together_or_not_at_all()
    {
        var trap = new Trap();
        await using var world = await World.StartAsync(configure: services => services.AddSingleton<IInterceptor>(trap));
        world.Script.First = (_, _, _) => throw new InvalidOperationException("no good");
        var broken = 0;
        var rows = -1;
        trap.Break = (sql, db) =>
        {
            if (!sql.Contains("INSERT INTO DEAD_LETTERS", StringComparison.Ordinal) || Interlocked.Increment(ref broken) > 1) return false;
            return true;
        };
        world.Script.First = async (_, _, _) =>
        {
            // The attempt after the broken letter looks, from outside, at what that left behind.
            if (Volatile.Read(ref broken) == 1) rows = await world.Count<BetaDb, InboxMessage>();
            throw new InvalidOperationException("no good");
        };
        var delivery = await InboxDelivery.DeliverAsync(world.Services, Something("bad"), Guid.CreateVersion7());

        Assert.Equal(Delivery.DeadLettered, delivery["beta.on-said"]);
        Assert.Equal(0, rows);
        Assert.Equal((1, 1), (await world.Count<BetaDb, InboxMessage>(), await world.Count<BetaDb, DeadLetter>()));
    }

    [Fact]
    public async Task A_redelivery_after_a_dead_letter_is_a_duplicate()
    {
        await using var world = await World.StartAsync();
        world.Script.First = (_, _, _) => throw new InvalidOperationException("no good");
        var (message, id) = (Something("bad"), Guid.CreateVersion7());
        Assert.Equal(Delivery.DeadLettered, (await InboxDelivery.DeliverAsync(world.Services, message, id))["beta.on-said"]);
        Assert.Equal(Delivery.Duplicate, (await InboxDelivery.DeliverAsync(world.Services, message, id))["beta.on-said"]);
        Assert.Equal(1, await world.Count<BetaDb, DeadLetter>());
    }

    [Fact]
    public async Task A_retry_by_hand_that_fails_keeps_the_letter_and_one_that_succeeds_removes_it()
    {
        await using var world = await World.StartAsync();
        var operatorId = Guid.CreateVersion7();
        world.Script.First = (_, _, _) => throw new InvalidOperationException("no good");
        await world.SayAsync("bad");
        await world.IdleAsync();
        var letter = (await world.In<BetaDb, IReadOnlyList<DeadLetter>>(db => DeadLetters.ListAsync(db))).Single();

        Assert.False(await DeadLetters.RetryAsync(world.Services, typeof(BetaDb), letter.Id, operatorId));
        Assert.Equal(5, (await world.In<BetaDb, DeadLetter>(db => db.Set<DeadLetter>().SingleAsync())).Attempts);
        Assert.Empty(await world.Notes<BetaDb>());

        world.Script.First = (_, _, _) => Task.CompletedTask;
        var retries = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => DeadLetters.RetryAsync(world.Services, typeof(BetaDb), letter.Id, operatorId))));
        await world.IdleAsync();
        Assert.Equal(1, retries.Count(retried => retried));
        Assert.Equal(["bad"], await world.Notes<BetaDb>());
        Assert.Contains("answer to bad", await world.Notes<AlphaDb>());
        Assert.Equal(0, await world.Count<BetaDb, DeadLetter>());
        var audit = await world.In<BetaDb, AuditEntry>(db => db.Set<AuditEntry>().SingleAsync());
        Assert.Equal((operatorId, "dead-letter.retried"), (audit.PersonId, audit.Action));
    }

    [Fact]
    public async Task A_resolved_letter_is_closed_with_who_and_why()
    {
        await using var world = await World.StartAsync();
        world.Script.First = (_, _, _) => throw new InvalidOperationException("no good");
        await world.SayAsync("bad");
        await world.IdleAsync();
        var letter = (await world.In<BetaDb, IReadOnlyList<DeadLetter>>(db => DeadLetters.ListAsync(db))).Single();
        var clock = world.Services.GetRequiredService<AppTime>();

        Assert.True(await world.In<BetaDb, bool>(db => DeadLetters.ResolveAsync(db, clock, letter.Id, Guid.CreateVersion7(), "settled by telephone")));
        Assert.False(await world.In<BetaDb, bool>(db => DeadLetters.ResolveAsync(db, clock, letter.Id, Guid.CreateVersion7(), "again")));
        Assert.False(await DeadLetters.RetryAsync(world.Services, typeof(BetaDb), letter.Id, Guid.CreateVersion7()));
        Assert.Empty(await world.In<BetaDb, IReadOnlyList<DeadLetter>>(db => DeadLetters.ListAsync(db)));
        Assert.Equal("settled by telephone", (await world.In<BetaDb, AuditEntry>(db => db.Set<AuditEntry>().SingleAsync())).Reason);
    }

    static Func<string, DbContext, CancellationToken, Task> SecondNeedsFirst => async (text, db, ct) =>
    {
        if (text == "second" && !await db.Set<Note>().AnyAsync(note => note.Text == "first", ct)) throw new NotYet("the first");
    };

    [Theory]
    [InlineData("first", "second")]
    [InlineData("second", "first")]
    public async Task Events_that_build_on_each_other_may_come_in_either_order(string one, string other)
    {
        await using var world = await World.StartAsync();
        world.Script.First = SecondNeedsFirst;
        await world.SayAsync(one);
        await world.SayAsync(other);
        await world.IdleAsync();
        Assert.Equal(["first", "second"], await world.Notes<BetaDb>());
        Assert.Equal(0, await world.Count<BetaDb, DeadLetter>());
    }

    [Fact]
    public async Task What_waits_is_retried_by_the_job_too()
    {
        await using var world = await World.StartAsync();
        world.Script.First = SecondNeedsFirst;
        await world.SayAsync("second");
        await world.IdleAsync();
        var letter = (await world.In<BetaDb, IReadOnlyList<DeadLetter>>(db => DeadLetters.ListAsync(db))).Single();
        Assert.True(letter.Waiting);

        // What it waits for comes by another way than a message, so nothing but the job looks again.
        await world.In<BetaDb>(async db =>
        {
            db.Add(new Note { Text = "first" });
            await db.SaveChangesAsync();
        });
        await world.Services.GetRequiredService<Inbox>().RetryWaitingAsync(typeof(BetaDb), CancellationToken.None);
        await world.IdleAsync();
        Assert.Equal(["first", "second"], await world.Notes<BetaDb>());
        Assert.Equal(0, await world.Count<BetaDb, DeadLetter>());
    }

    [Fact]
    public async Task Letters_that_wait_for_ever_do_not_stand_before_others()
    {
        var script = new Script { First = (text, _, _) => text == "never" ? throw new NotYet("what never comes") : Task.CompletedTask };
        await using var world = await World.StartAsync(script: script);
        await world.In<BetaDb>(async db =>
        {
            for (var i = 0; i <= 100; i++)
            {
                var said = new Said(Guid.CreateVersion7(), 1, World.Now, i < 100 ? "never" : "now");
                db.Add(new DeadLetter
                {
                    Id = Guid.CreateVersion7(), MessageId = Guid.CreateVersion7(), Consumer = "beta.on-said", Type = typeof(Said).FullName!, Subject = said.Subject,
                    Body = JsonSerializer.Serialize(said, MessageJson.Options), Attempts = 1, FailedAt = World.Now.AddSeconds(i), Waiting = true,
                });
            }

            await db.SaveChangesAsync();
        });
        var inbox = world.Services.GetRequiredService<Inbox>();
        for (var i = 0; i < 2; i++) await inbox.RetryWaitingAsync(typeof(BetaDb), CancellationToken.None, always: true);
        Assert.Equal(["now"], await world.Notes<BetaDb>());
        Assert.Equal(100, await world.Count<BetaDb, DeadLetter>());
    }

    [Fact]
    public async Task A_busy_database_is_waited_for_and_no_dead_letter_is_written()
    {
        await using var world = await World.StartAsync(settings: ("Messaging:HoldMilliseconds", "20000"));
        var attempts = 0;
        world.Script.First = (_, _, _) => Interlocked.Increment(ref attempts) <= 6 ? throw new TimeoutException("away") : Task.CompletedTask;
        await world.SayAsync("patient");
        await world.IdleAsync();
        Assert.Equal(7, attempts);
        Assert.Equal(["patient"], await world.Notes<BetaDb>());
        Assert.Equal(0, await world.Count<BetaDb, DeadLetter>());
    }

    [Fact]
    public async Task The_handler_of_an_unsampled_request_has_the_requests_trace_id()
    {
        await using var world = await World.StartAsync();
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        request.ActivityTraceFlags = ActivityTraceFlags.None;
        await world.SayAsync("traced");
        request.Stop();
        await world.IdleAsync();
        Assert.Equal(request.TraceId, world.Script.Traces.Single());
    }

    [Fact]
    public async Task One_trace_leads_from_the_request_to_the_last_handler_and_is_marked_with_the_application()
    {
        var spans = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Grants.Platform" or "MassTransit",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var world = await World.StartAsync();
        var about = Guid.CreateVersion7();
        using (var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            request.ActivityTraceFlags = ActivityTraceFlags.Recorded;
            await world.SayAsync(about, "traced");
            request.Stop();
            await world.IdleAsync();
            await Eventually.True(() => Task.FromResult(spans.Any(span => span.TraceId == request.TraceId && span.OperationName == "handle Answered")), "the last span ended");
            var trace = spans.Where(span => span.TraceId == request.TraceId).ToList();
            Assert.Equal(2, trace.Count(span => span.OperationName == "outbox publish"));
            Assert.Equal(2, trace.Count(span => span.OperationName == "handle Said"));
            var marked = trace.Where(span => Equals(span.GetTagItem(Tracing.LifecycleTag), about.ToString())).Select(span => span.OperationName).ToList();
            Assert.Contains("outbox publish", marked);
            Assert.Contains("handle Answered", marked);
        }
    }

    [Fact]
    public async Task The_cleaner_forgets_what_is_older_than_thirty_days_and_nothing_else()
    {
        await using var world = await World.StartAsync();
        await world.In<BetaDb>(async db =>
        {
            for (var i = 0; i < 2300; i++) db.Add(new InboxMessage { MessageId = Guid.CreateVersion7(), Consumer = "c", HandledAt = World.Now.AddDays(-31).AddSeconds(-i / 3) });
            db.Add(new InboxMessage { MessageId = Guid.CreateVersion7(), Consumer = "young", HandledAt = World.Now.AddDays(-29) });
            foreach (var (days, open) in new[] { (91, false), (89, false), (400, true) })
            {
                db.Add(new DeadLetter
                {
                    Id = Guid.CreateVersion7(), MessageId = Guid.CreateVersion7(), Consumer = "c", FailedAt = World.Now.AddDays(-400),
                    Attempts = days, ResolvedAt = open ? null : World.Now.AddDays(-days),
                });
            }

            await db.SaveChangesAsync();
            await MessagingJobs.CleanAsync(db, World.Now, CancellationToken.None);
        });
        Assert.Equal("young", await world.In<BetaDb, string>(db => db.Set<InboxMessage>().Select(row => row.Consumer).SingleAsync()));
        Assert.Equal([89, 400], await world.In<BetaDb, List<int>>(db => db.Set<DeadLetter>().Select(letter => letter.Attempts).Order().ToListAsync()));
    }
}
