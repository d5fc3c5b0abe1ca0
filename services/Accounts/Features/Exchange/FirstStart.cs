using Grants.Accounts.Domain;
using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.Exchange;

/// <summary>What Accounts does when it starts, most of it only once: decides what this installation is, makes a key, invites the first administrator.</summary>
sealed partial class FirstStart(
    IServiceScopeFactory scopes, AppTime clock, DemoMode demo, AccountKeys keys, PublicOrigin origin, IConfiguration configuration, IHostEnvironment environment, ILogger<FirstStart> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await RunAsync(scope.ServiceProvider.GetRequiredService<AccountsDb>(), cancellationToken);
        await ChangeSigningKey.RunAsync(scope.ServiceProvider, cancellationToken);
        await keys.SigningKeyAsync(cancellationToken); // keys that cannot be read are told of now, and not to the first person who signs in
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task RunAsync(AccountsDb db, CancellationToken ct)
    {
        var now = clock.Now;
        var installation = await db.Installations.SingleOrDefaultAsync(ct);
        if (installation is null)
        {
            installation = new Installation { Kind = Installation.KindFor(environment.IsDevelopment(), configuration.GetValue("Demo", true)), CreatedAt = now };
            db.Installations.Add(installation);
            await SaveOrYieldAsync(db, ct);
            installation = await db.Installations.AsNoTracking().SingleAsync(ct);
        }

        demo.Set(installation.Kind, environment.IsDevelopment());
        configuration["Demo:Enabled"] = demo.IsOn ? "true" : "false"; // what the frame's banner asks; a setting cannot turn a real installation into a demonstration
        if (!demo.IsOn && !await db.People.AnyAsync(ct)) await InviteFirstAdministratorAsync(db, now, ct);
    }

    // Until somebody has used one, each start shows a new link and the older ones end: whoever runs the installation has lost the old one, or it was seen by others.
    async Task InviteFirstAdministratorAsync(AccountsDb db, DateTimeOffset now, CancellationToken ct)
    {
        await db.Links.Where(link => link.Kind == LinkKind.FirstAdministrator && link.UsedAt == null).ExecuteDeleteAsync(ct);
        var (link, secret) = SecretLink.New(LinkKind.FirstAdministrator, now);
        db.Links.Add(link);
        db.Audit(now, Guid.Empty, "administrator.invited", link.Id);
        await db.SaveChangesAsync(ct);
        Log.FirstAdministrator(logger, $"{origin.Value}/account/invitation?token={secret}", link.ExpiresAt);
    }

    // Another replica may be starting for the first time too: one of them wins.
    static async Task SaveOrYieldAsync(AccountsDb db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            db.ChangeTracker.Clear();
        }
    }

    static partial class Log
    {
        [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "Nobody can sign in yet. Become the first administrator at {Link} (works once, until {Until:u}).")]
        public static partial void FirstAdministrator(ILogger logger, string link, DateTimeOffset until);
    }
}
