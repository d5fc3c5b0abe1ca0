using Microsoft.Extensions.Configuration;

namespace Grants.Platform.Messaging;

/// <summary>Waits of relay and inbox. Tests shorten or stop them; an installation has no reason to.</summary>
sealed record MessagingOptions
{
    /// <summary>Net under the wake-up, for rows that a dead process left; null is off.</summary>
    public TimeSpan? Poll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Waits before the second and further attempts of a handler that failed for good reason.</summary>
    public IReadOnlyList<TimeSpan> Retries { get; init; } = [TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    /// <summary>How long a message is held for one it builds on. Short: meanwhile it stands before everything else in its queue.</summary>
    public TimeSpan HoldNotYet { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a message is held while the database is away.</summary>
    public TimeSpan HoldTransient { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How far the clock of whoever published may be ahead of ours.</summary>
    public TimeSpan FutureLeeway { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>First and longest wait of a back-off.</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a queue may be unread, while the broker is there, before one begins anew with it.</summary>
    public TimeSpan QueuePatience { get; init; } = TimeSpan.FromSeconds(20);

    public static MessagingOptions Read(IConfiguration configuration)
    {
        var options = new MessagingOptions();
        if (configuration.GetValue<int?>("Messaging:PollMilliseconds") is { } poll) options = options with { Poll = poll > 0 ? TimeSpan.FromMilliseconds(poll) : null };
        if (configuration.GetValue<int?>("Messaging:RetryMilliseconds") is { } retry)
            options = options with { Retries = [.. options.Retries.Select(_ => TimeSpan.FromMilliseconds(retry))] };
        if (configuration.GetValue<int?>("Messaging:HoldMilliseconds") is { } hold)
            options = options with { HoldNotYet = TimeSpan.FromMilliseconds(hold), HoldTransient = TimeSpan.FromMilliseconds(hold) };
        if (configuration.GetValue<int?>("Messaging:QueuePatienceMilliseconds") is { } patience) options = options with { QueuePatience = TimeSpan.FromMilliseconds(patience) };
        if (configuration.GetValue<int?>("Messaging:FutureMinutes") is { } future) options = options with { FutureLeeway = TimeSpan.FromMinutes(future) };
        return options;
    }

    /// <summary>1 s, 2 s, 4 s ... 5 min, each 10 % more or less.</summary>
    public TimeSpan BackOff(int attempts) =>
        Math.Min(FirstBackOff.TotalSeconds * Math.Pow(2, Math.Min(attempts - 1, 20)), 300) * TimeSpan.FromSeconds(0.9 + 0.2 * Random.Shared.NextDouble());
}
