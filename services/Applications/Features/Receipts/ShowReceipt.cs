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
        routes.MapGet("/applications/{applicationId:guid}/receipt", Handle).SignedIn("member of the organisation");

    static async Task<IResult> Handle(Guid applicationId, Caller caller, ApplicationsDb db, FileStore files, CancellationToken ct)
    {
        if (await Drafts.Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        if (draft.Application.State == ApplicationState.Draft) return Results.LocalRedirect($"/applications/{applicationId}");
        return Pages.Show<ReceiptPage>(new { draft.Application, Dossier = await Dossiers.Read(files, draft.Application, ct) });
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
