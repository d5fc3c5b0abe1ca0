using System.Text.Json;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Platform.Messaging;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Intake;

/// <summary>Keeps every version of a call's definition, and the budgets of its lots.</summary>
public sealed partial class OnCallPublished(ReviewsDb db, ILogger<OnCallPublished> logger) : IHandle<CallPublished>
{
    public async Task Handle(CallPublished message, CancellationToken ct)
    {
        if (!CallVersion.Matches(message.Definition, message.DefinitionSha256))
            throw new InvalidDataException($"The definition of call {message.CallId} version {message.Version} is not the one its hash names.");
        if (await db.CallVersions.AsNoTracking().SingleOrDefaultAsync(version => version.CallId == message.CallId && version.Version == message.Version, ct) is { } same)
        {
            if (same.Sha256 != message.DefinitionSha256)
                throw new InvalidDataException($"Call {message.CallId} version {message.Version} was published with another text before.");
            return;
        }

        db.CallVersions.Add(new CallVersion
        {
            CallId = message.CallId,
            Version = message.Version,
            Definition = message.Definition,
            Sha256 = message.DefinitionSha256,
            PublishedAt = message.At,
        });

        var call = await db.Calls.FindAsync([message.CallId], ct);
        if (call is null) db.Calls.Add(call = new CallRecord { Id = message.CallId });
        if (message.Version <= call.NewestVersion) return;

        var definition = JsonSerializer.Deserialize<CallDefinition>(message.Definition, MessageJson.Options)!;
        call.NewestVersion = message.Version;
        call.Programme = definition.Programme;
        foreach (var part in definition.Lots)
        {
            var lot = await db.LotBudgets.FindAsync([message.CallId, part.Id], ct);
            if (lot is null) db.LotBudgets.Add(lot = new LotBudget { CallId = message.CallId, LotId = part.Id, Currency = definition.Currency });
            if (lot.Currency != definition.Currency) throw new InvalidDataException($"Call {message.CallId} cannot change its currency.");
            // What was awarded cannot be taken back, but nothing more is awarded then. Were the version refused instead, the old budget would go on being awarded.
            lot.BudgetMinor = Math.Max(part.BudgetMinor, lot.AwardedMinor);
            if (lot.BudgetMinor > part.BudgetMinor) Log.AwardedMore(logger, message.CallId, message.Version);
        }
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Call {CallId} version {Version} has less budget than was awarded already; nothing more is awarded.")]
        public static partial void AwardedMore(ILogger logger, Guid callId, int version);
    }
}
