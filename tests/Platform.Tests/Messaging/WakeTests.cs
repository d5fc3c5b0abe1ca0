using Grants.Platform.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Grants.Platform.Tests.Messaging;

public sealed class WakeTests
{
    [Fact]
    public async Task A_thousand_wake_ups_are_never_lost_with_the_poll_off()
    {
        await using var world = await World.StartAsync();
        for (var i = 0; i < 500; i++)
        {
            // Two at once: the second is committed while the relay reads for the first.
            await Task.WhenAll(world.SayAsync($"{i} a"), world.SayAsync($"{i} b"));
            await world.IdleAsync();
        }

        Assert.Equal(1000, (await world.Notes<BetaDb>()).Count);
    }

    /// <summary>A world whose relays have made their first round, which finds rows without being woken.</summary>
    static async Task<World> Awake()
    {
        var world = await World.StartAsync();
        await world.SayAsync("earlier");
        await Eventually.True(async () => (await world.Notes<AlphaDb>()).Count == 2, "the first message came through");
        await world.IdleAsync();
        return world;
    }

    [Fact]
    public async Task A_save_of_one_statement_wakes_the_relay()
    {
        await using var world = await Awake();
        await world.SayAsync("one");
        await world.IdleAsync();
        Assert.Equal(["earlier", "one"], await world.Notes<BetaDb>());
    }

    [Fact]
    public async Task A_save_with_a_transaction_of_its_own_wakes_the_relay()
    {
        await using var world = await Awake();
        await world.SayAsync("one", "two");
        await world.IdleAsync();
        Assert.Equal(["earlier", "one", "two"], await world.Notes<BetaDb>());
    }

    [Fact]
    public async Task A_save_inside_the_callers_transaction_wakes_the_relay_at_its_commit_and_not_before()
    {
        await using var world = await Awake();
        var signals = world.Services.GetService(typeof(OutboxSignals)) as OutboxSignals;
        await world.In<AlphaDb>(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Publish(new Said(Guid.CreateVersion7(), 1, World.Now, "one"));
            var before = signals!.Version;
            await db.SaveChangesAsync();
            Assert.Equal(before, signals.Version);
            await transaction.CommitAsync();
            Assert.NotEqual(before, signals.Version);
        });
        await world.IdleAsync();
        Assert.Equal(["earlier", "one"], await world.Notes<BetaDb>());
    }

    [Fact]
    public async Task A_failed_save_does_not_make_the_transactions_earlier_event_wait()
    {
        await using var world = await Awake();
        await world.In<AlphaDb>(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Publish(new Said(Guid.CreateVersion7(), 1, World.Now, "one"));
            await db.SaveChangesAsync();
            db.Add(new Note { Text = "forbidden" });
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
            await transaction.CommitAsync();
        });
        await world.IdleAsync();
        Assert.Equal(["earlier", "one"], await world.Notes<BetaDb>());
    }

    [Fact]
    public async Task What_was_rolled_back_is_not_published()
    {
        await using var world = await World.StartAsync();
        await world.In<AlphaDb>(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Publish(new Said(Guid.CreateVersion7(), 1, World.Now, "rolled back"));
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
        });
        await world.In<AlphaDb>(async db =>
        {
            db.Publish(new Said(Guid.CreateVersion7(), 1, World.Now, "failed"));
            db.Add(new Note { Text = "forbidden" });
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
        });
        await world.SayAsync("kept");
        await world.IdleAsync();
        Assert.Equal(["kept"], await world.Notes<BetaDb>());
    }

    [Fact]
    public async Task The_poll_finds_a_row_that_nobody_announced()
    {
        await using var world = await World.StartAsync(settings: ("Messaging:PollMilliseconds", "10"));
        // Written past the context, as by a process that died between its commit and its call.
        await world.In<AlphaDb>(db => db.Database.ExecuteSqlAsync($"""
            insert into outbox_messages (message_id, type, subject, body, enqueued_at, attempts)
            values ({Guid.CreateVersion7()}, {typeof(Answered).FullName}, 'x', {$$"""{"about":"{{Guid.Empty}}","text":"found"}"""}, {World.Now.UtcDateTime}, 0)
            """));
        await Eventually.True(async () => await world.Count<AlphaDb, OutboxMessage>() == 0, "the row is gone");
    }
}
