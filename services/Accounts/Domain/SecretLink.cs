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

    public string SecretHash { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; private set; }

    /// <summary>Whom an invitation is for.</summary>
    public Guid? PersonId { get; set; }

    /// <summary>
    /// What somebody who registers gave. There is no account before the address is proved, and each link proves only what was typed together with it:
    /// nobody can put a password of theirs into the registration of another.
    /// </summary>
    public Registration? Registration { get; set; }

    /// <summary>How long links of a kind work.</summary>
    public static TimeSpan LifeOf(LinkKind kind) => kind == LinkKind.ConfirmEmail ? TimeSpan.FromDays(2) : TimeSpan.FromDays(7);

    /// <summary>A new link and its secret.</summary>
    public static (SecretLink Link, string Secret) New(LinkKind kind, DateTimeOffset now)
    {
        var secret = Secret.New();
        return (new SecretLink { Id = Guid.CreateVersion7(), Kind = kind, SecretHash = Secret.Hash(secret), CreatedAt = now, ExpiresAt = now + LifeOf(kind) }, secret);
    }

    public bool Works(DateTimeOffset now) => UsedAt is null && ExpiresAt > now;

    /// <summary>Uses it up.</summary>
    public void Use(DateTimeOffset now)
    {
        if (!Works(now)) throw new InvalidOperationException("The link does not work any more.");
        UsedAt = now;
        Registration = null; // the account has it now
    }
}

/// <summary>A registration that waits for its address to be proved.</summary>
public sealed record Registration
{
    public string Name { get; init; } = "";

    public string Email { get; init; } = "";

    public string Language { get; init; } = "";

    public string PasswordHash { get; init; } = "";

    /// <summary>Local path of the page from which somebody came to register.</summary>
    public string ReturnTo { get; init; } = "/";
}
