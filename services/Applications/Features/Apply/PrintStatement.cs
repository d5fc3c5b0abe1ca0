using Grants.Contracts.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Apply;

/// <summary>A statement with all that is known filled in: printed, signed, scanned and uploaded as the document.</summary>
public static class PrintStatement
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/applications/{applicationId:guid}/statements/{documentId}", Handle).SignedIn("member of the organisation");

    static async Task<IResult> Handle(Guid applicationId, string documentId, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct) =>
        await Drafts.Of(db, applicationId, caller, ct) is { } draft
        && draft.Definition.DocumentsAt(DocumentMoment.Application).FirstOrDefault(wanted => wanted.Id == documentId && wanted.Signed != SignedRule.No) is { } document
            ? Pages.Show<StatementPage>(new { Draft = draft, Document = document, clock.Now })
            : Pages.NotFound();
}
