using Grants.Accounts.Domain;
using Grants.Accounts.Features.Exchange;
using Grants.Platform.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts;

/// <summary>People of a demonstration.</summary>
public static class AccountsSeed
{
    /// <summary>Decides whether this is a demonstration, as the first start of Accounts would: for who fills one before Accounts runs.</summary>
    public static Task DecideKindAsync(IServiceProvider services) => services.GetRequiredService<FirstStart>().StartAsync(default);

    /// <summary>
    /// Adds a person with roles, and the events others need, unless the person is there already. They have no password: the demo page signs in as them.
    /// </summary>
    public static async Task AddPersonAsync(
        AccountsDb db, AppTime clock, Guid id, string name, string email, string language, IReadOnlyList<(string Role, string Scope)> roles, CancellationToken ct = default)
    {
        if (await db.People.AnyAsync(person => person.Id == id, ct)) return;
        var now = clock.Now;
        var person = Person.New(id, name, EmailAddress.Parse(email) ?? throw new ArgumentException("not an address", nameof(email)), language, now);
        person.EmailConfirmed = true;
        db.People.Add(person);
        db.PublishChanged(person, now);
        foreach (var (role, scope) in roles) db.Grant(person, role, scope, Guid.Empty, "Demonstration", now);
        await db.SaveChangesAsync(ct);
    }
}
