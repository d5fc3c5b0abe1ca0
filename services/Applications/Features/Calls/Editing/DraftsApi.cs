using System.Globalization;
using System.Text;
using Grants.Applications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>Drafts of calls as JSON: the same rules as on the pages, for programs that bring a session.</summary>
public static class DraftsApi
{
    const string Relation = "the draft's programme is in the scope of the role";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/calls", Begin).ForRoles("programme or call is in the scope of the role", DraftAccess.Writers).TakesUpload(RequestLimits.Json);
        routes.MapGet("/api/calls/{callId:guid}/draft", Show).ForRoles(Relation, DraftAccess.Readers);
        routes.MapPut("/api/calls/{callId:guid}/draft", Save).ForRoles(Relation, DraftAccess.Writers).TakesUpload(RequestLimits.Json);
        routes.MapPost("/api/calls/{callId:guid}/draft/publication", Publish).ForRoles(Relation, DraftAccess.Writers);
    }

    static async Task<IResult> Begin(HttpContext http, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Body(http.Request, ct) is not { } text) return TooLarge(page);
        if (DraftText.Of(text, "programme") is not { Length: > 0 } programme)
            return Problem(StatusCodes.Status422UnprocessableEntity, page.Text(typeof(DraftsApi), "api.noProgramme"), (await DraftChecks.Of(db, Guid.Empty, "", text, page, ct)).Problems);
        var callId = Guid.TryParse(DraftText.Of(text, "id"), out var named) ? named : Guid.CreateVersion7();
        CallNow? published = null;
        if (await db.Calls.AnyAsync(call => call.Id == callId, ct))
        {
            published = await DraftAccess.Published(db, callId, caller, DraftAccess.Writers, ct);
            if (published is null) return Pages.NotFound();
        }

        if (DraftChecks.Refusal(caller, published?.Call.Programme, text, page) is { } refusal) return Problem(StatusCodes.Status422UnprocessableEntity, refusal.Message, [refusal]);
        var begun = await CallDrafts.Begin(db, callId, programme, text, published, caller, clock.Now, ct);
        if (await DraftAccess.Draft(db, callId, caller, DraftAccess.Writers, ct) is not { } draft) return Pages.NotFound();
        if (!begun) return Problem(StatusCodes.Status409Conflict, page.Text(typeof(DraftsApi), "api.draftExists"));
        http.Response.Headers.Location = $"/api/calls/{callId}/draft";
        return await State(http, db, draft, StatusCodes.Status201Created, page, ct);
    }

    static async Task<IResult> Show(Guid callId, HttpContext http, Caller caller, ApplicationsDb db, CancellationToken ct)
    {
        if (await DraftAccess.Draft(db, callId, caller, DraftAccess.Readers, ct) is not { } draft) return Pages.NotFound();
        http.Response.Headers.ETag = Tag(draft);
        // What is being typed on the page need not be JSON yet.
        return Results.Text(draft.Text, DraftText.Read(draft.Text) is null ? "text/plain" : "application/json", Encoding.UTF8);
    }

    static async Task<IResult> Save(Guid callId, HttpContext http, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await DraftAccess.Draft(db, callId, caller, DraftAccess.Writers, ct) is not { } draft) return Pages.NotFound();
        if (await Body(http.Request, ct) is not { } text) return TooLarge(page);
        var match = http.Request.Headers.IfMatch.ToString();
        if (match.Length == 0) return Problem(StatusCodes.Status428PreconditionRequired, page.Text(typeof(DraftsApi), "api.noIfMatch"));
        if (match != Tag(draft)) return Problem(StatusCodes.Status412PreconditionFailed, page.Text(typeof(DraftsApi), "api.changed", draft.UpdatedByName));
        if (DraftChecks.Refusal(caller, draft.Programme, text, page) is { } refusal) return Problem(StatusCodes.Status422UnprocessableEntity, refusal.Message, [refusal]);
        return await CallDrafts.Save(db, draft, draft.Version, text, draft.Reason, caller, clock.Now, ct) == DraftSaved.Yes
            ? await State(http, db, draft, StatusCodes.Status200OK, page, ct)
            : Problem(StatusCodes.Status412PreconditionFailed, page.Text(typeof(DraftsApi), "api.changedNow"));
    }

    static async Task<IResult> Publish(
        Guid callId, PublicationRequest? request, HttpContext http, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await DraftAccess.Draft(db, callId, caller, DraftAccess.Writers, ct) is not { } draft)
        {
            return await DraftAccess.Published(db, callId, caller, DraftAccess.Writers, ct) is { } call
                ? Problem(StatusCodes.Status409Conflict, page.Text(typeof(DraftsApi), "publish.lost", call.Version.Number))
                : Pages.NotFound();
        }

        var match = http.Request.Headers.IfMatch.ToString();
        if (match.Length > 0 && match != Tag(draft)) return Problem(StatusCodes.Status412PreconditionFailed, page.Text(typeof(DraftsApi), "api.changed", draft.UpdatedByName));
        var reason = PostedForm.Clean(request?.Reason ?? draft.Reason).Trim();
        if (await PublishDraft.WrongReason(db, draft, reason, page, ct) is { } wrong)
            return Problem(StatusCodes.Status422UnprocessableEntity, wrong, [new ShownProblem("/reason", 1, "reason", wrong)]);
        var published = await CallDrafts.Publish(db, draft, reason, caller, clock, page, ct);
        if (published.Problems.Count > 0) return Problem(StatusCodes.Status422UnprocessableEntity, page.Text(typeof(DraftsApi), "publish.notYet"), published.Problems);
        if (published.Number is not { } number)
        {
            db.ChangeTracker.Clear();
            return Problem(StatusCodes.Status409Conflict, page.Text(typeof(DraftsApi), "api.lost"));
        }

        var version = await db.CallVersions.AsNoTracking().SingleAsync(found => found.CallId == callId && found.Number == number, ct);
        return Results.Created($"/api/calls/{callId}/versions/{number}", new { callId, number, sha256 = version.DefinitionSha256 });
    }

    /// <summary>A refusal as problem details, with what is wrong at which place of the document.</summary>
    internal static IResult Problem(int status, string sentence, IReadOnlyList<ShownProblem>? errors = null) => Results.Problem(
        sentence, statusCode: status, title: sentence, extensions: errors is null ? null : new Dictionary<string, object?> { ["errors"] = errors });

    static IResult TooLarge(PageContext page) => Problem(StatusCodes.Status413PayloadTooLarge, page.Text(typeof(DraftsApi), "edit.tooLong"));

    static async Task<IResult> State(HttpContext http, ApplicationsDb db, CallDraft draft, int status, PageContext page, CancellationToken ct)
    {
        http.Response.Headers.ETag = Tag(draft);
        var (_, problems) = await DraftChecks.Of(db, draft.CallId, draft.Programme, draft.Text, page, ct);
        return Results.Json(new { callId = draft.CallId, programme = draft.Programme, basedOnVersion = draft.BasedOnVersion, version = draft.Version, errors = problems }, statusCode: status);
    }

    static string Tag(CallDraft draft) => new EntityTagHeaderValue($"\"{draft.Version.ToString(CultureInfo.InvariantCulture)}\"").ToString();

    /// <summary>The body as it is kept; null when it is too long, also when nobody said so before.</summary>
    static async Task<string?> Body(HttpRequest request, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        var part = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(part, ct)) > 0;)
        {
            if (bytes.Length + read > CallDraft.MostBytes) return null;
            bytes.Write(part, 0, read);
        }

        var text = PostedForm.Clean(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF'));
        return DraftText.Fits(text) ? text : null;
    }
}

/// <summary>What comes with a publication.</summary>
/// <param name="Reason">Why the call is amended; what the draft says when it is left out.</param>
public sealed record PublicationRequest(string? Reason);
