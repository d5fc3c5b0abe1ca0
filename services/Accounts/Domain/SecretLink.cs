namespace Grants.Accounts.Domain;

/// <summary>What a link with a secret is for.</summary>
public enum LinkKind
{
    /// <summary>Proves the address of somebody who registered.</summary>
    ConfirmEmail,

    /// <summary>Lets somebody who was invited set name and password; also a new password for somebody who lost theirs.</summary>
    Invitation,

    /// <summary>Makes the first administrator of a new installation.</summary>
    FirstAdministrator,
}

/// <summary>A link that works once and for a time. Only the hash of its secret is stored.</summary>
public sealed class SecretLink
{
    public Guid Id { get; init; }

    public LinkKind Kind { get; init; }

    /// <summary>Whom it is for; empty for the first administrator, who does not exist yet.</summary>
    public Guid PersonId { get; init; }

    public string SecretHash { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; private set; }

    /// <summary>How long links of a kind work.</summary>
    public static TimeSpan LifeOf(LinkKind kind) => kind == LinkKind.ConfirmEmail ? TimeSpan.FromDays(2) : TimeSpan.FromDays(7);

    /// <summary>A new link and its secret.</summary>
    public static (SecretLink Link, string Secret) New(LinkKind kind, Guid person, DateTimeOffset now)
    {
        var secret = Domain.Secret.New();
        var link = new SecretLink { Id = Guid.CreateVersion7(), Kind = kind, PersonId = person, SecretHash = Domain.Secret.Hash(secret), CreatedAt = now, ExpiresAt = now + LifeOf(kind) };
        return (link, secret);
    }

    public bool Works(DateTimeOffset now) => UsedAt is null && ExpiresAt > now;

    /// <summary>Uses it up; false when that is not possible (any more).</summary>
    public bool Use(DateTimeOffset now)
    {
        if (!Works(now)) return false;
        UsedAt = now;
        return true;
    }
}
