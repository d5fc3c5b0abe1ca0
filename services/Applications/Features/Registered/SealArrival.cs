using Grants.Applications.Domain;
using Grants.Applications.Features.Apply;
using Grants.Contracts.Applications;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Registered;

/// <summary>
/// An application that came on paper or by mail, while it is typed in: what is there, what the paper does not say, and the seal. What is missing on the paper keeps
/// nothing from being sealed: the check says what follows from it.
/// </summary>
public static class SealArrival
{
    // A colleague types a field just then: read, check and seal again.
    const int Attempts = 10;

    public static void Map(IEndpointRouteBuilder routes)
    {
        const string relation = "the application was registered by an officer, and is in the scope of the role";
        routes.MapGet("/desk/applications/{applicationId:guid}/registered", Show).ForRoles(relation, Role.ProgrammeOfficer);
        routes.MapPost("/desk/applications/{applicationId:guid}/registered", Handle).ForRoles(relation, Role.ProgrammeOfficer);
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, ApplicationsDb db, CancellationToken ct)
    {
        if (await ArrivalOf(db, applicationId, ct) is not { } arrival) return Pages.NotFound();
        if (await Drafts.Of(db, applicationId, caller, ct) is { Application.State: ApplicationState.Draft } draft) return Page(draft, arrival, null);
        return await StaffApplications.Of(db, applicationId, caller, [Role.ProgrammeOfficer], ct) is not null ? Results.LocalRedirect($"/desk/applications/{applicationId}") : Pages.NotFound();
    }

    static async Task<IResult> Handle(
        Guid applicationId, PostedForm form, Caller caller, ApplicationsDb db, FileStore files, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await ArrivalOf(db, applicationId, ct) is not { } arrival) return Pages.NotFound();
        using var span = Tracing.Start("application seal registered", applicationId);
        for (var attempt = 1; ; attempt++)
        {
            db.ChangeTracker.Clear();
            if (await Drafts.Of(db, applicationId, caller, ct) is not { Application.State: ApplicationState.Draft } draft)
            {
                // The second of two clicks.
                return await StaffApplications.Of(db, applicationId, caller, [Role.ProgrammeOfficer], ct) is not null ? Results.LocalRedirect($"/desk/applications/{applicationId}") : Pages.NotFound();
            }

            var errors = new FieldErrors();
            if (Blocking(draft).Count > 0) errors.Add("", page.Text<SealArrivalPage>("seal.blocked"));
            if (form["compared"] != "yes") errors.Add("compared", page.Text<SealArrivalPage>("seal.notCompared"));
            if (!errors.None) return Page(draft, arrival, errors);

            var dossier = SealedDossier.Seal(
                draft, DraftLabels.ForDossier(draft.Definition), caller.PersonId, caller.Name, arrival.ArrivedAt,
                // Which of several languages the paper is in, nobody was asked.
                draft.Definition.Languages is [var only] ? only : null,
                new DossierArrival(arrival.ChannelCode, SealedDossier.Moment(arrival.ArrivedAt), arrival.RegistryNumber, arrival.RegisteredByName));
            await files.PutAsync(FileArea.Dossiers, dossier.Bytes, ct);
            try
            {
                await SubmitApplication.Submit(db, draft, dossier, caller, arrival.ArrivedAt, ct, arrival);
                return Results.LocalRedirect($"/desk/applications/{applicationId}");
            }
            catch (DbUpdateConcurrencyException) when (attempt < Attempts)
            {
                // Sealed by another request, or the draft changed after it was read: look again.
            }
        }
    }

    /// <summary>What must be typed in before it can be sealed: without title, amount and duration there is nothing to judge.</summary>
    public static IReadOnlyList<FieldProblem> Blocking(Draft draft) => [.. draft.Missing().Where(problem => problem.Problem switch
    {
        DraftProblem.NoDocument or DraftProblem.Partners => false,
        DraftProblem.Budget => draft.Budget.RequestedMinor <= 0,
        DraftProblem.Empty => problem.Field is DraftForm.Title or DraftForm.Amount or DraftForm.Months,
        _ => true,
    })];

    static Task<RegisteredArrival?> ArrivalOf(ApplicationsDb db, Guid applicationId, CancellationToken ct) =>
        db.RegisteredArrivals.AsNoTracking().SingleOrDefaultAsync(arrival => arrival.ApplicationId == applicationId, ct);

    static IResult Page(Draft draft, RegisteredArrival arrival, FieldErrors? errors) => Pages.Show<SealArrivalPage>(
        new { Draft = draft, Arrival = arrival, Missing = draft.Missing(), Blocking = Blocking(draft), Errors = errors },
        errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
}
