using Grants.Disbursements.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Preparation;

/// <summary>The officer confirms another account that the grantee gave after the agreement was in force. What was approved for the old one is approved no more.</summary>
public static class ConfirmAccount
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/grants/{applicationId:guid}/account/confirmation", Show).ForRoles("programme officer in scope", Role.ProgrammeOfficer);
        routes.MapPost("/grants/{applicationId:guid}/account/confirmation", Handle).ForRoles("programme officer in scope who is not tied to the grantee", Role.ProgrammeOfficer);
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, DisbursementsDb db, CancellationToken ct) =>
        await db.SeeAsync(caller, applicationId, ct) is { IsOfficer: true } seen
            ? await WaitingAsync(db, seen, ct) is { } account ? await PageAsync(db, seen, account, new FieldErrors(), StatusCodes.Status200OK, ct) : Results.LocalRedirect($"/grants/{applicationId}")
            : Pages.NotFound();

    static async Task<IResult> Handle(Guid applicationId, PostedForm form, Caller caller, DisbursementsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        using var span = Tracing.Start("account confirm", applicationId);
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await db.SeeAsync(caller, applicationId, ct) is not { IsOfficer: true } seen) return Pages.NotFound();
        // A second click finds the first.
        if (await WaitingAsync(db, seen, ct) is not { } account) return Results.LocalRedirect($"/grants/{applicationId}");

        var errors = new FieldErrors();
        if (!seen.IsIndependent) errors.Add("", page.Text<ConfirmAccountPage>(seen.Tied is null ? "prepare.membersUnknown" : "prepare.tied"));
        if (form["account"] != account.Id.ToString()) errors.Add("", page.Text<ConfirmAccountPage>("prepare.account.changed"));
        if (form["accountChecked"] != "yes") errors.Add("accountChecked", page.Text<ConfirmAccountPage>("prepare.account.unchecked"));
        if (!errors.None) return await PageAsync(db, seen, account, errors, StatusCodes.Status422UnprocessableEntity, ct);

        var now = clock.Now;
        seen.Grant.ConfirmAccount(caller.PersonId);
        db.Audit(now, caller.PersonId, "grant.account-confirmed", applicationId, account.Id.ToString());
        // Whoever is making a list holds the instalments: what is on it goes to the account they saw, and shows on the list.
        await db.Instalments.Where(instalment => instalment.ApplicationId == applicationId)
            .ExecuteUpdateAsync(set => set.SetProperty(instalment => instalment.Version, instalment => instalment.Version), ct);
        foreach (var instalment in await db.Instalments.Where(instalment => instalment.ApplicationId == applicationId).OrderBy(instalment => instalment.Number).ToListAsync(ct))
        {
            if (instalment.State is not (InstalmentState.Requested or InstalmentState.Approved)) continue;
            instalment.UndoApprovals();
            db.Audit(now, caller.PersonId, "payment.approvals-undone", instalment.Id, "account changed");
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/grants/{applicationId}");
    }

    /// <summary>The account that waits to be confirmed, or null.</summary>
    static async Task<BankAccount?> WaitingAsync(DisbursementsDb db, GrantSeen seen, CancellationToken ct)
    {
        var grant = seen.Grant;
        if (!grant.Allows(GrantAction.ConfirmAccount, Actor.ProgrammeOfficer)) return null;
        var agreed = await db.Agreements.Where(known => known.ApplicationId == grant.ApplicationId).Select(known => (Guid?)known.BankAccountId).SingleOrDefaultAsync(ct);
        return grant.BankAccountId == (grant.ConfirmedAccountId ?? agreed) ? null : await db.BankAccounts.AsNoTracking().SingleAsync(known => known.Id == grant.BankAccountId, ct);
    }

    static async Task<IResult> PageAsync(DisbursementsDb db, GrantSeen seen, BankAccount account, FieldErrors errors, int status, CancellationToken ct)
    {
        var names = await db.NamesAsync([account.GivenBy], ct);
        return Pages.Show<ConfirmAccountPage>(new { Seen = seen, Account = account, GivenBy = names.GetValueOrDefault(account.GivenBy), Errors = errors }, status);
    }
}
