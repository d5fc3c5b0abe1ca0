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
        });
        if (versions.All(known => known.Version < message.Version)) await GiveBudgetAsync(message, new Money(definition.TotalBudgetMinor, definition.Currency), ct);
    }

    async Task GiveBudgetAsync(CallPublished message, Money budget, CancellationToken ct)
    {
        await db.OpenAsync(LedgerAccount.ForFunder(message.CallId, budget.Currency), ct);
        await db.OpenAsync(LedgerAccount.ForCall(message.CallId, budget.Currency), ct);
        var funder = (await db.AccountAsync(LedgerAccount.FunderOf(message.CallId), ct))!;
        var difference = budget.Minor - (funder.DebitsPosted - funder.CreditsPosted);
        if (difference == 0) return;

        var transfer = difference > 0
            ? LedgerTransfer.Budget(message.CallId, message.Version, new Money(difference, budget.Currency), message.At)
            : LedgerTransfer.BudgetReduction(message.CallId, message.Version, new Money(-difference, budget.Currency), message.At);
        if (await db.RecordAsync(transfer, ct) is { } refusal)
            db.Incidents.Add(Awarding.IncidentOf(message.CallId, null, refusal, new Money(transfer.AmountMinor, transfer.Currency), message.At));
        else if (difference > 0)
            await Awarding.TryAgainAsync(db, message.CallId, message.At, ct);
    }
}
