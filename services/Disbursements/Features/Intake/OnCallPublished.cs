using System.Security.Cryptography;
using System.Text;
using Grants.Contracts.Applications;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform;
using Grants.Platform.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Intake;

/// <summary>Keeps every version of a call's definition, and gives the call its budget in the ledger: by the newest version, whatever order they come in.</summary>
public sealed class OnCallPublished(DisbursementsDb db) : IHandle<CallPublished>
{
    public async Task Handle(CallPublished message, CancellationToken ct)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(message.Definition)));
        if (sha256 != message.DefinitionSha256)
            throw new InvalidDataException($"Call {message.CallId} version {message.Version}: the definition does not have the hash it says.");
        var definition = CallDefinitions.Read(message.Definition) ?? throw new InvalidDataException($"Call {message.CallId} version {message.Version} cannot be read.");
        if (definition.Id != message.CallId) throw new InvalidDataException($"Call {message.CallId} version {message.Version} is the definition of another call.");

        // Two versions handled at once would each add what the other adds too.
        await db.HoldAccountAsync(LedgerAccount.CallOf(message.CallId), ct);
        var versions = await db.CallVersions.AsNoTracking().Where(known => known.CallId == message.CallId).ToListAsync(ct);
        if (versions.Find(known => known.Version == message.Version) is { } same)
        {
            if (same.DefinitionSha256 != sha256) throw new InvalidDataException($"Call {message.CallId} version {message.Version} was published with another text before.");
            return;
        }

        if (versions.Count > 0 && versions[0].Currency != definition.Currency) throw new InvalidDataException($"Call {message.CallId} cannot change its currency.");
        db.CallVersions.Add(new CallVersion
        {
            CallId = message.CallId,
            Version = message.Version,
            Programme = definition.Programme,
            Currency = definition.Currency,
            TotalBudgetMinor = definition.TotalBudgetMinor,
            TimeZone = definition.TimeZone,
            Definition = message.Definition,
            DefinitionSha256 = sha256,
            PublishedAt = message.At,
        });
        if (versions.Any(known => known.Version > message.Version)) return;

        await db.OpenAsync(LedgerAccount.ForFunder(message.CallId, definition.Currency), ct);
        await db.OpenAsync(LedgerAccount.ForCall(message.CallId, definition.Currency), ct);
        await Budgeting.AlignAsync(db, message.CallId, message.Version, "", new Money(definition.TotalBudgetMinor, definition.Currency), message.At, ct);
    }
}
