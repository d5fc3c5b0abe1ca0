using Grants.Accounts.Domain;
using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.Exchange;

/// <summary>The exchange itself: the secret of a session becomes a token with the person's name, language and roles of this moment.</summary>
public sealed class SessionExchange(IServiceScopeFactory scopes, AccountKeys keys, AppTime clock, DemoMode demo) : ISessionExchange
{
    public async ValueTask<string?> TokenForAsync(string sessionSecret, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDb>();
        var now = clock.Now;
        var hash = Secret.Hash(sessionSecret);
        var found = await (
            from session in db.Sessions.AsNoTracking()
            join person in db.People.AsNoTracking() on session.PersonId equals person.Id
            where session.SecretHash == hash && session.EndedAt == null && session.EndsAt > now && person.Active
            select new { session.Id, session.LastUsedAt, PersonId = person.Id, person.Name, person.Language }).FirstOrDefaultAsync(ct);
        if (found is null) return null;
        var roles = await db.RoleGrants.AsNoTracking().Where(grant => grant.PersonId == found.PersonId && grant.RevokedAt == null)
            .OrderBy(grant => grant.GrantedAt).Select(grant => new HeldRole(grant.Role, grant.Scope)).ToListAsync(ct);
        if (now - found.LastUsedAt > Session.Noted)
        {
            var ends = now + (demo.IsOn ? Session.IdleInDemo : Session.Idle);
            await db.Sessions.Where(session => session.Id == found.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(session => session.LastUsedAt, now).SetProperty(session => session.EndsAt, ends), ct);
        }

        return Token.Mint(await keys.SigningKeyAsync(ct), new Caller(found.PersonId, found.Name, found.Language, roles), now);
    }
}
