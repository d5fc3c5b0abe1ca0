using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Intake;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;

namespace Grants.Disbursements.Features.Budget;

/// <summary>The grantee accepts the corrected budget: what it leaves of the award is the amount of the agreement, and the rest is released at once.</summary>
public static class AcceptBudget
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/grants/{applicationId:guid}/budget/acceptance", Handle)
        .SignedIn("a member who may commit for the grantee, after the letter of award");

    static async Task<IResult> Handle(
        Guid applicationId, PostedForm form, Caller caller, DisbursementsDb db, FileStore files, AppTime clock, PageContext page, CancellationToken ct)
    {
        using var span = Tracing.Start("budget accept", applicationId);
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await db.SeeBudgetAsync(files, caller, applicationId, ct) is not { Seen.MayCommit: true } budget) return Pages.NotFound();
        // A second click finds the first.
        if (budget.Waiting is not { } correction) return Results.LocalRedirect($"/grants/{applicationId}/budget");

        var errors = new FieldErrors();
        if (!budget.CanAccept) errors.Add("", page.Text<BudgetPage>("budget.notNow"));
        if (form["correction"] != correction.Id.ToString()) errors.Add("", page.Text<BudgetPage>("budget.changed"));
        if (form["accept"] != "yes") errors.Add("accept", page.Text<BudgetPage>("budget.accept.unticked"));
        if (!errors.None) return CorrectBudget.Refused(budget, errors);

        var (grant, now) = (budget.Seen.Grant, clock.Now);
        var left = new Money(correction.GrantMinor, grant.Currency);
        var released = grant.Grantable - left;
        grant.AcceptBudget(left);
        if (!released.IsZero)
        {
            var transfer = LedgerTransfer.Void(grant.CallId, applicationId, $"budget:{correction.Number}", released, now, caller.PersonId);
            if (await db.RecordAsync(transfer, ct) is { } refusal) throw new InvalidOperationException($"The ledger refused to release a part of {applicationId}: {refusal}.");
            await Budgeting.AfterReleaseAsync(db, grant.CallId, $"{applicationId}:budget:{correction.Number}", now, ct);
        }

        db.BudgetAcceptances.Add(new BudgetAcceptance { CorrectionId = correction.Id, PersonId = caller.PersonId, At = now });
        db.Audit(now, caller.PersonId, "grant.budget-accepted", applicationId, left.ToString());
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/grants/{applicationId}");
    }
}
