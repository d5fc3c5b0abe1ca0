using System.Text;
using Grants.Contracts.Calls;
using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Intake;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Preparation;

/// <summary>The officer confirms amount and account, and offers the agreement.</summary>
public static class PrepareAward
{
    const string Preview = "preview";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/grants/{applicationId:guid}/preparation", Show).ForRoles("programme officer in scope", Role.ProgrammeOfficer);
        routes.MapPost("/grants/{applicationId:guid}/preparation", Handle).ForRoles("programme officer in scope who is not tied to the grantee", Role.ProgrammeOfficer);
    }

    /// <summary>What the page shows besides the grant.</summary>
    /// <param name="Account">The account given last, or null.</param>
    /// <param name="GivenBy">Name of who gave it.</param>
    /// <param name="Instalments">The instalments the amount makes; empty when it is none.</param>
    /// <param name="Text">The agreement's text, when a preview was asked for.</param>
    /// <param name="Outstanding">What stands in the way of the offer besides the account.</param>
    /// <param name="ObjectionsUntil">Until when objections keep the agreement from being offered; null when nothing is waited for.</param>
    public sealed record Prepared(
        BankAccount? Account, string? GivenBy, IReadOnlyList<Money> Instalments, string? Text, Outstanding Outstanding, DateTimeOffset? ObjectionsUntil);

    static async Task<IResult> Show(Guid applicationId, Caller caller, DisbursementsDb db, FileStore files, AppTime clock, CancellationToken ct)
    {
        if (await db.SeeAsync(caller, applicationId, ct) is not { IsOfficer: true } seen) return Pages.NotFound();
        var amount = seen.Grant.Agreed ?? seen.Grant.Grantable;
        return Page(seen, await PreparedAsync(db, files, seen, amount, null, clock.Now, ct), MoneyFormat.Plain(amount), false, new FieldErrors(), StatusCodes.Status200OK);
    }

    static async Task<IResult> Handle(
        Guid applicationId, PostedForm form, Caller caller, DisbursementsDb db, AppTime clock, FileStore files, PageContext page, CancellationToken ct)
    {
        using var span = Tracing.Start("agreement offer", applicationId);
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await db.SeeAsync(caller, applicationId, ct) is not { IsOfficer: true } seen) return Pages.NotFound();
        // A second click: it has been offered by the first.
        if (seen.Grant.State == GrantState.AgreementOffered) return Results.LocalRedirect($"/grants/{applicationId}");

        var grant = seen.Grant;
        var errors = new FieldErrors();
        var preview = form["do"] == Preview;
        if (!MoneyParser.TryParse(form["amount"], grant.Currency, out var amount, out var problem)) errors.Add("amount", MoneyParser.Sentence(problem, page.Culture));
        else if (amount.IsZero) errors.Add("amount", page.Text<PrepareAwardPage>("prepare.amount.nothing"));
        else if (grant.BudgetCorrectionId is not null && amount != grant.Grantable) errors.Add("amount", page.Text<PrepareAwardPage>("prepare.amount.budget", grant.Grantable));
        else if (amount > grant.Grantable) errors.Add("amount", page.Text<PrepareAwardPage>("prepare.amount.beyond", grant.Grantable));
        if (form["accountChecked"] != "yes" && !preview) errors.Add("accountChecked", page.Text<PrepareAwardPage>("prepare.account.unchecked"));

        var account = await db.BankAccounts.AsNoTracking().SingleOrDefaultAsync(known => known.Id == grant.BankAccountId, ct);
        // The officer confirms what the page showed, not what the grantee may have changed meanwhile.
        var accountChanged = account is not null && form["account"] != account.Id.ToString();
        if (accountChanged) errors.Add("", page.Text<PrepareAwardPage>("prepare.account.changed"));
        var definition = RulesOf(seen);
        var needed = PaymentRules.ApprovalsNeeded(amount.Minor, definition);
        if (account is null) errors.Add("", page.Text<PrepareAwardPage>("prepare.account.missing"));
        else if (!seen.IsIndependent) errors.Add("", page.Text<PrepareAwardPage>(seen.Tied is null ? "prepare.membersUnknown" : "prepare.tied"));
        else if (!seen.CanOffer) errors.Add("", page.Text<PrepareAwardPage>("prepare.notNow"));
        else if (NotYet(seen, await Outstanding.OfAsync(db, files, seen, ct), preview, clock.Now, page) is { } reason) errors.Add("", reason);
        else if (definition is null || needed is null) errors.Add("", page.Text<PrepareAwardPage>("prepare.rulesUnreadable"));

        var valid = errors.None ? amount : default(Money?);
        if (valid is null || preview)
        {
            var text = valid is null ? null : Encoding.UTF8.GetString(Write(seen, definition!, account!, amount, needed!.Value, clock.Now));
            return Page(
                seen, await PreparedAsync(db, files, seen, valid, text, clock.Now, ct), form["amount"],
                // The tick was about the other account: it is not carried over to one that nobody has checked.
                form["accountChecked"] == "yes" && !accountChanged, errors,
                errors.None ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
        }

        // The bytes first: an offer without its text cannot exist, a text without its offer is swept after a day.
        var now = clock.Now;
        var stored = await files.PutAsync(FileArea.Agreements, Write(seen, definition!, account!, amount, needed!.Value, now), ct);
        await OfferAsync(db, seen, definition!, account!, amount, stored.Sha256, now, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/grants/{applicationId}");
    }

    /// <summary>Why the agreement cannot be offered yet although account and amount are right, or null. Its text can be read before.</summary>
    static string? NotYet(GrantSeen seen, Outstanding outstanding, bool preview, DateTimeOffset now, PageContext page)
    {
        if (preview) return null;
        if (seen.Grant.ContractingFrom is { } from && now < from) return page.Text<PrepareAwardPage>("prepare.objections", Dates.Instant(from, seen.Call.TimeZone, page.Culture));
        if (outstanding.WaitsForBudget) return page.Text<PrepareAwardPage>("prepare.budgetWaits");
        if (outstanding.PartnersUnknown) return page.Text<PrepareAwardPage>("prepare.partnersUnknown");
        return outstanding.WaitsForDocuments ? page.Text<PrepareAwardPage>("prepare.documentsWait") : null;
    }

    static async Task OfferAsync(
        DisbursementsDb db, GrantSeen seen, CallDefinition definition, BankAccount account, Money amount, string sha256, DateTimeOffset now, CancellationToken ct)
    {
        var grant = seen.Grant;
        grant.Offer(amount);
        if (amount < grant.Grantable)
        {
            var rest = LedgerTransfer.Void(grant.CallId, grant.ApplicationId, "agreed-less", grant.Grantable - amount, now, seen.Caller.PersonId);
            if (await db.RecordAsync(rest, ct) is { } refusal) throw new InvalidOperationException($"The ledger refused to release the rest of {grant.ApplicationId}: {refusal}.");
            await Budgeting.AfterReleaseAsync(db, grant.CallId, $"{grant.ApplicationId}", now, ct);
        }

        var agreement = new Agreement
        {
            Id = Guid.CreateVersion7(),
            ApplicationId = grant.ApplicationId,
            Number = Agreement.NumberOf(grant.Reference, 1),
            Language = AgreementText.LanguageFor(account),
            TextSha256 = sha256,
            CallVersion = seen.Call.Version,
            BankAccountId = account.Id,
            AmountMinor = amount.Minor,
            Currency = amount.Currency,
            OfferedBy = seen.Caller.PersonId,
            OfferedAt = now,
        };
        db.Agreements.Add(agreement);
        db.Instalments.AddRange(Instalment.Plan(grant.ApplicationId, grant.CallId, amount, definition.Instalments));
        db.Audit(now, seen.Caller.PersonId, "grant.amount-confirmed", grant.ApplicationId, amount.ToString());
        db.Audit(now, seen.Caller.PersonId, "grant.account-confirmed", grant.ApplicationId, account.Id.ToString());
        db.Audit(now, seen.Caller.PersonId, "grant.agreement-offered", grant.ApplicationId);
        db.Publish(new AgreementOffered(
            grant.ApplicationId, grant.Version, now, grant.CallId, grant.OrganisationId, agreement.Number, sha256, amount.Minor, amount.Currency));
    }

    // Rules that cannot be carried out are no rules: nothing is offered by them.
    static CallDefinition? RulesOf(GrantSeen seen) => CallDefinitions.Read(seen.Call.Definition) is { } definition && Instalment.CanPlan(definition.Instalments) ? definition : null;

    static byte[] Write(GrantSeen seen, CallDefinition definition, BankAccount account, Money amount, int approvalsNeeded, DateTimeOffset now) => AgreementText.Write(
        new AgreementText.Facts(seen.Grant, seen.Organisation!, definition, account, amount, Instalment.Split(amount, definition.Instalments), approvalsNeeded, now));

    static async Task<Prepared> PreparedAsync(
        DisbursementsDb db, FileStore files, GrantSeen seen, Money? amount, string? text, DateTimeOffset now, CancellationToken ct)
    {
        var account = await db.BankAccounts.AsNoTracking().SingleOrDefaultAsync(known => known.Id == seen.Grant.BankAccountId, ct);
        var names = account is null ? null : await db.NamesAsync([account.GivenBy], ct);
        var definition = RulesOf(seen);
        return new Prepared(
            account, account is null ? null : names!.GetValueOrDefault(account.GivenBy),
            amount is { } whole && definition is not null ? Instalment.Split(whole, definition.Instalments) : [], text, await Outstanding.OfAsync(db, files, seen, ct),
            seen.Grant.ContractingFrom is { } from && now < from ? from : null);
    }

    static IResult Page(GrantSeen seen, Prepared prepared, string amount, bool accountChecked, FieldErrors errors, int status) =>
        Pages.Show<PrepareAwardPage>(new { Seen = seen, Prepared = prepared, Amount = amount, AccountChecked = accountChecked, Errors = errors }, status);
}
