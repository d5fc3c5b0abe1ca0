using Grants.Platform.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Tests.Messaging;

/// <summary>Each line of the crash matrix: the process is frozen at the point, killed, and a second one starts on the same files.</summary>
public sealed class CrashTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("grants-crash-").FullName;
    readonly Trap trap = new();
    readonly Script script = new();

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    Task<World> First() => World.StartAsync(folder, services => services.AddSingleton<IInterceptor>(trap), script);

    /// <summary>Kills the first process when it is in the trap; starts a second and lets it finish.</summary>
    async Task<World> Second(World first)
    {
        await trap.Reached;
        await first.KillAsync();
        var second = await World.StartAsync(folder);
        await second.IdleAsync();
        return second;
    }

    static async Task EverythingHappenedOnce(World world)
    {
        Assert.Equal(["one"], await world.Notes<BetaDb>());
        Assert.Equal(["answer to one", "one"], await world.Notes<AlphaDb>());
        Assert.Equal((0, 0), (await world.Count<AlphaDb, OutboxMessage>(), await world.Count<BetaDb, OutboxMessage>()));
        Assert.Equal((0, 0), (await world.Count<AlphaDb, DeadLetter>(), await world.Count<BetaDb, DeadLetter>()));
    }

    [Fact]
    public async Task Before_the_commit_of_the_request_there_is_nothing()
    {
        var first = await First();
        trap.FreezeBeforeCommit = db => db is AlphaDb;
        using var killed = new CancellationTokenSource();
        var request = first.In<AlphaDb>(async db =>
        {
            db.Publish(new Said(Guid.CreateVersion7(), 1, World.Now, "one"));
            db.Add(new Note { Text = "its other half" });
            await db.SaveChangesAsync(killed.Token);
        });
        await trap.Reached;
        await killed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await using var second = await Second(first);
        Assert.Empty(await second.Notes<AlphaDb>());
        Assert.Equal(0, await second.Count<AlphaDb, OutboxMessage>());
    }

    [Fact]
    public async Task After_the_commit_and_before_the_wake_the_row_is_relayed_at_the_next_start()
    {
        var first = await First();
        trap.FreezeCommand = (sql, db) => db is AlphaDb && sql.StartsWith("SELECT", StringComparison.Ordinal) && sql.Contains("OUTBOX_MESSAGES", StringComparison.Ordinal);
        await first.SayAsync("one");
        await using var second = await Second(first);
        await EverythingHappenedOnce(second);
    }

    [Fact]
    public async Task After_the_publish_and_before_the_row_is_deleted_it_is_sent_again_and_suppressed()
    {
        var first = await First();
        trap.FreezeCommand = (sql, db) => db is AlphaDb && sql.StartsWith("DELETE", StringComparison.Ordinal) && sql.Contains("OUTBOX_MESSAGES", StringComparison.Ordinal);
        await first.SayAsync("one");
        await Eventually.True(async () => (await first.Notes<BetaDb>()).Count == 1, "it is handled");
        await using var second = await Second(first);
        await EverythingHappenedOnce(second);
        Assert.Empty(second.Script.Handled);
    }

    [Fact]
    public async Task In_the_handler_the_message_is_handled_by_the_next_process()
    {
        var first = await First();
        script.First = (_, _, ct) => trap.Freeze(ct);
        await first.SayAsync("one");
        await using var second = await Second(first);
        await EverythingHappenedOnce(second);
        Assert.Single(second.Script.Handled);
    }

    [Fact]
    public async Task After_the_handlers_commit_and_before_it_settles_the_message_is_suppressed_and_its_own_events_go_out()
    {
        var first = await First();
        trap.FreezeAfterCommit = db => db is BetaDb && !script.Handled.IsEmpty;
        await first.SayAsync("one");
        await using var second = await Second(first);
        await EverythingHappenedOnce(second);
        Assert.Empty(second.Script.Handled);
    }

    [Fact]
    public async Task Between_two_subscribers_the_one_that_is_done_suppresses()
    {
        var first = await First();
        script.Second = async (_, _, ct) =>
        {
            // The other subscriber is done when its note is there.
            await Eventually.True(async () => (await first.Notes<BetaDb>()).Count == 1, "the first subscriber is done");
            await trap.Freeze(ct);
        };
        await first.SayAsync("one");
        await using var second = await Second(first);
        await EverythingHappenedOnce(second);
        Assert.Empty(second.Script.Handled);
    }

    [Fact]
    public async Task While_a_dead_letter_is_written_the_message_is_handled_again_with_the_same_end()
    {
        var first = await First();
        script.First = (_, _, _) => throw new InvalidOperationException("no good");
        trap.FreezeCommand = (sql, _) => sql.Contains("INSERT INTO DEAD_LETTERS", StringComparison.Ordinal);
        await first.SayAsync("one");
        await trap.Reached;
        await first.KillAsync();

        var stillBad = new Script { First = script.First };
        await using var second = await World.StartAsync(folder, script: stillBad);
        await second.IdleAsync();
        Assert.Equal((1, 1), (await second.Count<BetaDb, DeadLetter>(), await second.Count<BetaDb, InboxMessage>()));
        Assert.Empty(await second.Notes<BetaDb>());
    }

    [Fact]
    public async Task Killed_in_the_middle_of_many_nothing_is_lost_and_nothing_doubled()
    {
        var first = await First();
        script.First = (_, _, ct) => script.Handled.Count >= 75 ? trap.Freeze(ct) : Task.CompletedTask;
        await first.SayAsync([.. Enumerable.Range(0, 100).Select(i => $"{i:000}")]);
        await using var second = await Second(first);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i:000}"), await second.Notes<BetaDb>());
        Assert.Equal(200, (await second.Notes<AlphaDb>()).Count);
    }
}
