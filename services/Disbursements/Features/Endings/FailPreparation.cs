using Grants.Disbursements.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Disbursements.Features.Endings;

/// <summary>The officer ends an award because its preparation found what stands in its way, such as a document that the grantee does not have.</summary>
public static class FailPreparation
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/grants/{applicationId:guid}/failure", Show).ForRoles("programme officer in scope who is not tied to the grantee", Role.ProgrammeOfficer);
        routes.MapPost("/grants/{applicationId:guid}/failure", Handle).ForRoles("programme officer in scope who is not tied to the grantee", Role.ProgrammeOfficer);
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, DisbursementsDb db, CancellationToken ct) =>
        await db.SeeAsync(caller, applicationId, ct) is { IsOfficer: true } seen ? EndGrantForm.Page(seen, EndGrantKind.Failure, EndGrantForm.Empty, new FieldErrors()) : Pages.NotFound();

    static async Task<IResult> Handle(Guid applicationId, PostedForm form, Caller caller, DisbursementsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        using var span = Tracing.Start("award fail", applicationId);
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await db.SeeAsync(caller, applicationId, ct) is not { IsOfficer: true } seen) return Pages.NotFound();
        // A second click finds the first.
        if (seen.Grant.State == GrantState.Lapsed) return Results.LocalRedirect($"/grants/{applicationId}");

        var typed = EndGrantForm.Read(form);
        var errors = typed.Check(page);
        if (!seen.CanFail) errors.Add("", page.Text<EndGrantPage>(EndGrantPage.WhyNot(seen, EndGrantKind.Failure)));
        if (!errors.None) return EndGrantForm.Page(seen, EndGrantKind.Failure, typed, errors, StatusCodes.Status422UnprocessableEntity);

        await Ending.LapseAsync(db, seen.Grant, EndCause.Failed, Actor.ProgrammeOfficer, typed.Reason, caller.PersonId, clock.Now, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/grants/{applicationId}");
    }
}
