using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grants.Platform.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Grants.Platform.Messaging;

/// <summary>
/// Wake-up calls of the relays, one for each service. A call is remembered while the relay is busy, so none is lost between its last look and its wait.
/// The version counts everything that happens, so that an onlooker can tell whether anything happened while it looked.
/// </summary>
sealed class OutboxSignals
{
    readonly Dictionary<Type, Channel<bool>> channels = [];
    TaskCompletionSource pulse = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long version;

    public OutboxSignals(IReadOnlyList<ServiceDefinition> definitions)
    {
        foreach (var definition in definitions)
        {
            var channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
            channels[definition.DbType] = channels[definition.SqliteDbType] = channels[definition.PostgresDbType] = channel;
        }
    }

    public long Version => Interlocked.Read(ref version);

    /// <summary>Completes at the next thing that happens.</summary>
    public Task Pulse => Volatile.Read(ref pulse).Task;

    public void Wake(Type dbType)
    {
        Happened();
        if (channels.TryGetValue(dbType, out var channel)) channel.Writer.TryWrite(true);
    }

    public void Happened()
    {
        Interlocked.Increment(ref version);
        Interlocked.Exchange(ref pulse, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Waits for a wake-up call, at most <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(Type dbType, TimeSpan? atMost, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (atMost is { } wait) timeout.CancelAfter(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1));
        try
        {
            await channels[dbType].Reader.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Nobody called: the safety poll, or a row that is due.
        }
    }
}

/// <summary>
/// Wakes the relay when rows of the outbox are committed, and not before. EF saves one statement without any transaction, more with one of its own
/// (committed before "saved"), or within the caller's (committed after "saved"): each is told apart here.
/// </summary>
sealed class WakeInterceptor(OutboxSignals signals) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    readonly ConditionalWeakTable<DbContext, State> states = [];

    sealed class State
    {
        public bool Saving;
        public bool Saved;
    }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        OnSaving(eventData.Context!);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        OnSaving(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    public override int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        OnSaved(eventData.Context!);
        return result;
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        OnSaved(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    public override void SaveChangesFailed(DbContextErrorEventData eventData) => OnFailed(eventData.Context);

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        OnFailed(eventData.Context);
        return Task.CompletedTask;
    }

    public override void SaveChangesCanceled(DbContextEventData eventData) => OnFailed(eventData.Context);

    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        OnFailed(eventData.Context);
        return Task.CompletedTask;
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => OnCommitted(eventData.Context);

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        OnCommitted(eventData.Context);
        return Task.CompletedTask;
    }

    public void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => Forget(eventData.Context);

    public Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Forget(eventData.Context);
        return Task.CompletedTask;
    }

    void OnSaving(DbContext db)
    {
        if (db.ChangeTracker.Entries<OutboxMessage>().Any(entry => entry.State == EntityState.Added)) states.GetOrCreateValue(db).Saving = true;
    }

    void OnSaved(DbContext db)
    {
        if (!states.TryGetValue(db, out var state) || !state.Saving) return;
        state.Saving = false;
        if (db.Database.CurrentTransaction is null) signals.Wake(db.GetType());
        else state.Saved = true;
    }

    // Only this save is undone: an earlier one of the same transaction may still be committed.
    void OnFailed(DbContext? db)
    {
        if (db is not null && states.TryGetValue(db, out var state)) state.Saving = false;
    }

    void OnCommitted(DbContext? db)
    {
        if (db is null || !states.TryGetValue(db, out var state) || !(state.Saving || state.Saved)) return;
        state.Saving = state.Saved = false;
        signals.Wake(db.GetType());
    }

    void Forget(DbContext? db)
    {
        if (db is not null && states.TryGetValue(db, out var state)) state.Saving = state.Saved = false;
    }
}
