using Grants.Platform.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Messaging;

/// <summary>What messaging does by the clock: measuring, retrying waiting letters, cleaning.</summary>
sealed class MessagingJobs(IReadOnlyList<ServiceDefinition> definitions, Inbox inbox, MessagingMetrics metrics, AppTime clock)
{
    static readonly TimeSpan InboxAge = TimeSpan.FromDays(30);
    static readonly TimeSpan LetterAge = TimeSpan.FromDays(90);
    const int Batch = 1000;

    // Real time, not the product's: a clock moved by a year must not make a year of loops. Replicas are spread over the hour.
    readonly Random random = new();
    TimeSpan nextMeasure, nextRetry = TimeSpan.FromSeconds(5), nextRetryAll = TimeSpan.FromSeconds(60), nextClean = TimeSpan.FromMinutes(60 * Random.Shared.NextDouble());
    readonly long started = TimeProvider.System.GetTimestamp();

    public async Task RunAsync(IServiceProvider services, CancellationToken ct)
    {
        var now = TimeProvider.System.GetElapsedTime(started);
        foreach (var definition in definitions)
        {
            var db = (DbContext)services.GetRequiredService(definition.DbType);
            if (now >= nextMeasure) metrics.Set(definition.Name, await OutboxState.ReadAsync(db, ct));
            // Every few seconds what this process left waiting: another replica may have handled what it waits for.
            if (now >= nextRetry) await inbox.RetryWaitingAsync(definition.DbType, ct, always: now >= nextRetryAll);
            if (now >= nextClean) await CleanAsync(db, clock.Now, ct);
        }

        if (now >= nextMeasure) nextMeasure = now + TimeSpan.FromSeconds(15);
        if (now >= nextRetry) nextRetry = now + TimeSpan.FromSeconds(5);
        if (now >= nextRetryAll) nextRetryAll = now + TimeSpan.FromSeconds(60);
        if (now >= nextClean) nextClean = now + TimeSpan.FromMinutes(60 + 6 * random.NextDouble());
    }

    /// <summary>Forgets what no message can ask for any more, in small transactions.</summary>
    public static async Task CleanAsync(DbContext db, DateTimeOffset now, CancellationToken ct)
    {
        var handledBefore = now - InboxAge;
        var inbox = db.Set<InboxMessage>();
        int deleted;
        do
        {
            // Ties at the edge of a batch may make it larger than 1,000: harmless.
            var edge = await inbox.Where(row => row.HandledAt < handledBefore).OrderBy(row => row.HandledAt).Skip(Batch - 1)
                .Select(row => (DateTimeOffset?)row.HandledAt).FirstOrDefaultAsync(ct);
            var until = edge ?? handledBefore;
            deleted = await inbox.Where(row => row.HandledAt < handledBefore && row.HandledAt <= until).ExecuteDeleteAsync(ct);
        }
        while (deleted >= Batch);

        var resolvedBefore = now - LetterAge;
        await db.Set<DeadLetter>().Where(letter => letter.ResolvedAt < resolvedBefore).ExecuteDeleteAsync(ct);
    }
}
