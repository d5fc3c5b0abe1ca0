using Grants.Disbursements.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Disbursements.Features.Endings;

/// <summary>The grantee refuses the award: what was reserved goes to whoever is next.</summary>
public static class RefuseAward
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/grants/{applicationId:guid}/refusal", Show).SignedIn("a member who may commit for the grantee, after the letter of award, until the agreement is in force");
        routes.MapPost("/grants/{applicationId:guid}/refusal", Handle).SignedIn("a member who may commit for the grantee, after the letter of award, until the agreement is in force");
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, DisbursementsDb db, CancellationToken ct) =>
        await db.SeeAsync(caller, applicationId, ct) is { MayCommit: true } seen ? EndGrantForm.Page(seen, EndGrantKind.Refusal, EndGrantForm.Empty, new FieldErrors()) : Pages.NotFound();

    static async Task<IResult> Handle(Guid applicationId, PostedForm form, Caller caller, DisbursementsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        using var span = Tracing.Start("award refuse", applicationId);
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await db.SeeAsync(caller, applicationId, ct) is not { MayCommit: true } seen) return Pages.NotFound();
        // A second click finds the first.
        if (seen.Grant.State == GrantState.Lapsed) return Results.LocalRedirect($"/grants/{applicationId}");

        var typed = EndGrantForm.Read(form);
        var errors = typed.Check(page);
        if (!seen.CanRefuse) errors.Add("", page.Text<EndGrantPage>(EndGrantPage.WhyNot(seen, EndGrantKind.Refusal)));
        if (!errors.None) return EndGrantForm.Page(seen, EndGrantKind.Refusal, typed, errors, StatusCodes.Status422UnprocessableEntity);

        await Ending.LapseAsync(db, seen.Grant, EndCause.Refused, Actor.Grantee, typed.Reason, caller.PersonId, clock.Now, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/grants/{applicationId}");
    }
}
