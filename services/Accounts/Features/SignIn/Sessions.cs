using System.Security.Claims;
using Grants.Accounts.Domain;
using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.SignIn;

/// <summary>Starting and ending sessions of the request at hand.</summary>
sealed class Sessions(AccountsDb db, AppTime clock, PublicOrigin origin, DemoMode demo)
{
    const int BrowserLength = 200;

    /// <summary>Adds a session and gives the browser its cookie. The session the browser had before ends: its secret may have been seen. The caller saves.</summary>
    public async Task StartAsync(HttpContext http, Person person, CancellationToken ct)
    {
        await EndCurrentAsync(http.Request, ct);
        var now = clock.Now;
        var secret = Secret.New();
        var browser = PostedForm.Clean(http.Request.Headers.UserAgent.ToString());
        db.Sessions.Add(new Session
        {
            Id = Guid.CreateVersion7(),
            PersonId = person.Id,
            SecretHash = Secret.Hash(secret),
            Browser = browser.Length > BrowserLength ? browser[..BrowserLength] : browser,
            StartedAt = now,
            LastUsedAt = now,
            EndsAt = now + (demo.IsOn ? Session.IdleInDemo : Session.Idle),
        });
        SessionCookie.Write(http.Response, origin, secret);
        // The page that answers this very request is already theirs.
        http.User = new ClaimsPrincipal(new ClaimsIdentity(
            [new(Caller.SubjectClaim, person.Id.ToString()), new(Caller.NameClaim, person.Name), new(Caller.LanguageClaim, person.Language)], "session"));
    }

    /// <summary>Marks the browser's session as ended and takes its cookie; the caller saves.</summary>
    public async Task EndAsync(HttpContext http, CancellationToken ct)
    {
        await EndCurrentAsync(http.Request, ct);
        SessionCookie.Clear(http.Response, origin);
    }

    /// <summary>Id of the session the request came with; null when it came with none.</summary>
    public async Task<Guid?> CurrentAsync(HttpRequest request, CancellationToken ct) => (await FindAsync(request, ct))?.Id;

    /// <summary>Marks a person's sessions as ended, but for one.</summary>
    public async Task EndAllAsync(Guid personId, Guid? except, CancellationToken ct)
    {
        var now = clock.Now;
        foreach (var session in await db.Sessions.Where(s => s.PersonId == personId && s.EndedAt == null && s.Id != except).ToListAsync(ct)) session.EndedAt = now;
    }

    async Task EndCurrentAsync(HttpRequest request, CancellationToken ct)
    {
        if (await FindAsync(request, ct) is { EndedAt: null } session) session.EndedAt = clock.Now;
    }

    async Task<Session?> FindAsync(HttpRequest request, CancellationToken ct)
    {
        if (SessionCookie.Read(request, origin) is not { } secret) return null;
        var hash = Secret.Hash(secret);
        return await db.Sessions.FirstOrDefaultAsync(session => session.SecretHash == hash, ct);
    }
}
