using Grants.Applications.Domain;
using Grants.Applications.Features.Apply;
using Grants.Contracts.Applications;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Receipts;

/// <summary>The receipt of a submission, to be printed and filed.</summary>
public static class ShowReceipt
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/applications/{applicationId:guid}/receipt", Handle).SignedIn("member of the organisation, or staff in scope who hand it over for what came on paper");

    static async Task<IResult> Handle(Guid applicationId, Caller caller, ApplicationsDb db, FileStore files, CancellationToken ct)
    {
        var draft = await Drafts.Of(db, applicationId, caller, ct);
        if (draft?.Application.State == ApplicationState.Draft) return Results.LocalRedirect($"/applications/{applicationId}");
        var application = draft?.Application ?? (await StaffApplications.Of(db, applicationId, caller, StaffApplications.Readers, ct))?.Application;
        return application is null ? Pages.NotFound() : Pages.Show<ReceiptPage>(new { Application = application, Dossier = await Dossiers.Read(files, application, ct) });
    }
}

/// <summary>Reading sealed dossiers.</summary>
public static class Dossiers
{
    /// <summary>The dossier of an application, from its bytes, their hash checked.</summary>
    /// <exception cref="InvalidDataException">The bytes are gone or changed: an incident, never a page that shows something else.</exception>
    public static async Task<Dossier> Read(FileStore files, Application application, CancellationToken ct) =>
        CanonicalJson.Deserialize<Dossier>(
            await files.ReadAsync(FileArea.Dossiers, application.DossierSha256!, ct) ?? throw new InvalidDataException($"The dossier of {application.Id} is not in the store."));
}
