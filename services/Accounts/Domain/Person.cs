using Microsoft.AspNetCore.Identity;

namespace Grants.Accounts.Domain;

/// <summary>Somebody who may sign in. The address is the sign-in name.</summary>
public sealed class Person : IdentityUser<Guid>
{
    /// <summary>Wrong passwords in a row before the account is locked, and for how long.</summary>
    public const int AttemptsAllowed = 5;

    /// <inheritdoc cref="AttemptsAllowed" />
    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);

    public const int NameLength = 200;

    /// <summary>Name as the person writes it.</summary>
    public string Name { get; set; } = "";

    /// <summary>Language the person reads.</summary>
    public string Language { get; set; } = "en";

    /// <summary>False when an administrator closed the account.</summary>
    public bool Active { get; set; } = true;

    /// <summary>Grows with every event about the person.</summary>
    public long Version { get; set; }

    /// <summary>When the record was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>A person without password: nobody can sign in before a link was used.</summary>
    public static Person New(Guid id, string name, EmailAddress email, string language, DateTimeOffset now) => new()
    {
        Id = id,
        Name = name,
        Language = language,
        CreatedAt = now,
        Email = email.Value,
        NormalizedEmail = email.Key,
        UserName = email.Value,
        NormalizedUserName = email.Key,
        SecurityStamp = Guid.NewGuid().ToString("N"),
    };

    /// <summary>Whether a password can be tried at all: the address is proved and there is a password.</summary>
    public bool CanSignIn => Active && EmailConfirmed && PasswordHash is not null;

    /// <summary>The next version of the record; the stamp makes a change that was based on an older one fail.</summary>
    public long NextVersion()
    {
        ConcurrencyStamp = Guid.NewGuid().ToString("N");
        return ++Version;
    }
}
