namespace Grants.Accounts.Domain;

/// <summary>One browser that is signed in.</summary>
public sealed class Session
{
    /// <summary>How long a session lives after its last use. Demonstrations move the clock by months and stay signed in.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12), IdleInDemo = TimeSpan.FromDays(3650);

    /// <summary>How often a use is written down.</summary>
    public static readonly TimeSpan Noted = TimeSpan.FromMinutes(5);

    public Guid Id { get; init; }

    public Guid PersonId { get; init; }

    /// <summary>Hash of the secret in the cookie.</summary>
    public string SecretHash { get; init; } = "";

    /// <summary>What the browser called itself, so that people recognise their sessions.</summary>
    public string Browser { get; init; } = "";

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset LastUsedAt { get; set; }

    /// <summary>When it ends unless it is used.</summary>
    public DateTimeOffset EndsAt { get; set; }

    /// <summary>When it was ended by hand.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public bool IsAlive(DateTimeOffset now) => EndedAt is null && EndsAt > now;
}
