using Grants.Accounts.Domain;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.SignIn;

/// <summary>Hashing and trying passwords. An unknown address costs as much time as a known one.</summary>
public sealed class Passwords(IPasswordHasher<Person> hasher)
{
    static readonly Person Nobody = new();

    readonly string dummy = hasher.HashPassword(Nobody, "nobody has this password");

    /// <summary>What is stored of a password.</summary>
    public string Hash(string password) => hasher.HashPassword(Nobody, password);

    /// <summary>Whether it is the password; a null hash is nobody's.</summary>
    public bool Verify(string? hash, string password) =>
        hasher.VerifyHashedPassword(Nobody, hash ?? dummy, password) != PasswordVerificationResult.Failed && hash is not null;

    /// <summary>
    /// The person with this address and password; null for a wrong one, an unknown address, a closed account, and while the account is locked.
    /// Each attempt is counted before the password is looked at, in one statement: many at the same moment do not get more attempts than five.
    /// </summary>
    public async Task<Person?> TryAsync(AccountsDb db, string email, string password, DateTimeOffset now, CancellationToken ct)
    {
        var key = EmailAddress.Parse(email)?.Key ?? "";
        var until = now + Person.LockedFor;
        var counted = await db.People.Where(person => person.NormalizedEmail == key && (person.LockoutEnd == null || person.LockoutEnd <= now)).ExecuteUpdateAsync(
            set => set
                .SetProperty(person => person.AccessFailedCount, person => person.LockoutEnd != null ? 1 : person.AccessFailedCount + 1)
                .SetProperty(person => person.LockoutEnd, person => person.LockoutEnd == null && person.AccessFailedCount + 1 >= Person.AttemptsAllowed ? until : null),
            ct);
        var found = await db.People.AsNoTracking().FirstOrDefaultAsync(person => person.NormalizedEmail == key, ct);
        var right = Verify(found?.PasswordHash, password);
        if (!right || counted == 0 || found is not { CanSignIn: true }) return null;
        await db.People.Where(person => person.Id == found.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(person => person.AccessFailedCount, 0).SetProperty(person => person.LockoutEnd, (DateTimeOffset?)null), ct);
        return await db.People.FirstAsync(person => person.Id == found.Id, ct);
    }
}
