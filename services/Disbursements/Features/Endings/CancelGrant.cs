using Grants.Disbursements.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Endings;

/// <summary>The decision-maker ends an agreement in force: what was not paid is free again, what was paid stays until the grantee pays it back.</summary>
public static class CancelGrant
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/grants/{applicationId:guid}/cancellation", Show).ForRoles("decision-maker in scope", Role.DecisionMaker);
        routes.MapPost("/grants/{applicationId:guid}/cancellation", Handle).ForRoles("decision-maker in scope who is not tied to the grantee", Role.DecisionMaker);
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, DisbursementsDb db, CancellationToken ct) =>
        await FindAsync(db, caller, applicationId, ct) is { } seen ? EndGrantForm.Page(seen, EndGrantKind.Cancellation, EndGrantForm.Empty, new FieldErrors()) : Pages.NotFound();

    static async Task<IResult> Handle(Guid applicationId, PostedForm form, Caller caller, DisbursementsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        using var span = Tracing.Start("grant cancel", applicationId);
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await FindAsync(db, caller, applicationId, ct) is not { } seen) return Pages.NotFound();
        // A second click finds the first.
        if (seen.Grant.State == GrantState.Cancelled) return Results.LocalRedirect($"/grants/{applicationId}");

        var typed = EndGrantForm.Read(form);
        var errors = typed.Check(page);
        // Making a list does not hold the grant, but the instalments: whoever is making one now is waited for, and then seen.
        await db.Instalments.Where(instalment => instalment.ApplicationId == applicationId)
            .ExecuteUpdateAsync(set => set.SetProperty(instalment => instalment.Version, instalment => instalment.Version), ct);
        var instalments = await db.Instalments.Where(instalment => instalment.ApplicationId == applicationId).OrderBy(instalment => instalment.Number).ToListAsync(ct);
        if (!seen.CanCancel) errors.Add("", page.Text<EndGrantPage>(EndGrantPage.WhyNot(seen, EndGrantKind.Cancellation)));
        else if (instalments.Any(instalment => instalment.State == InstalmentState.Listed)) errors.Add("", page.Text<EndGrantPage>("end.atTheBank"));
        if (!errors.None) return EndGrantForm.Page(seen, EndGrantKind.Cancellation, typed, errors, StatusCodes.Status422UnprocessableEntity);

        await Ending.CancelAsync(db, seen.Grant, instalments, typed.Reason, caller.PersonId, clock.Now, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/grants/{applicationId}");
    }

    static async Task<GrantSeen?> FindAsync(DisbursementsDb db, Caller caller, Guid applicationId, CancellationToken ct) =>
        await db.SeeAsync(caller, applicationId, ct) is { } seen && caller.Holds(seen.Place, Role.DecisionMaker) ? seen : null;
}
