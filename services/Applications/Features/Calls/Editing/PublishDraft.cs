using System.Globalization;
using Grants.Applications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>Publishes a draft, after a page that says what will happen.</summary>
public static class PublishDraft
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/desk/calls/{callId:guid}/draft/publication", Show).ForRoles("the draft's programme is in the scope of the role", DraftAccess.Writers);
        routes.MapPost("/desk/calls/{callId:guid}/draft/publication", Handle).ForRoles("the draft's programme is in the scope of the role", DraftAccess.Writers);
    }

    static async Task<IResult> Show(Guid callId, Caller caller, ApplicationsDb db, PageContext page, CancellationToken ct) =>
        await DraftAccess.Draft(db, callId, caller, DraftAccess.Writers, ct) is { } draft ? await Page(db, draft, draft.Reason, null, StatusCodes.Status200OK, page, ct) : Pages.NotFound();

    static async Task<IResult> Handle(Guid callId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await DraftAccess.Draft(db, callId, caller, DraftAccess.Writers, ct) is not { } draft) return await Lost(db, callId, caller, page, ct);
        var reason = form["reason"];
        // What was confirmed is no longer what is there.
        if (form["token-version"] != draft.Version.ToString(CultureInfo.InvariantCulture))
            return await Page(db, draft, reason, new FieldErrors().Add("", page.Text<PublishPage>("publish.changed", draft.UpdatedByName)), StatusCodes.Status409Conflict, page, ct);
        if (await WrongReason(db, draft, reason, page, ct) is { } wrong)
            return await Page(db, draft, reason, new FieldErrors().Add("reason", wrong), StatusCodes.Status422UnprocessableEntity, page, ct);
        var published = await CallDrafts.Publish(db, draft, reason, caller, clock, page, ct);
        if (published.Number is not null) return Results.LocalRedirect($"/desk/calls/{callId}/versions");
        db.ChangeTracker.Clear();
        if (published.Lost || await DraftAccess.Draft(db, callId, caller, DraftAccess.Writers, ct) is not { } still) return await Lost(db, callId, caller, page, ct);
        return await Page(db, still, reason, null, StatusCodes.Status422UnprocessableEntity, page, ct);
    }

    /// <summary>What is wrong with the reason; null when nothing is. A first version needs none.</summary>
    internal static async Task<string?> WrongReason(ApplicationsDb db, CallDraft draft, string reason, PageContext page, CancellationToken ct)
    {
        if (DraftForm.Characters(reason) > CallDraft.ReasonCharacters) return page.Text<PublishPage>("publish.reasonTooLong", CallDraft.ReasonCharacters);
        return reason.Length == 0 && await db.Calls.AnyAsync(call => call.Id == draft.CallId, ct) ? page.Text<PublishPage>("publish.reasonMissing") : null;
    }

    // A second click of the same person sees what the first one did; a colleague is told.
    static async Task<IResult> Lost(ApplicationsDb db, Guid callId, Caller caller, PageContext page, CancellationToken ct)
    {
        if (await DraftAccess.Published(db, callId, caller, DraftAccess.Writers, ct) is not { } call) return Pages.NotFound();
        return call.Version.PublishedBy == caller.PersonId ? Results.LocalRedirect($"/desk/calls/{callId}/versions")
            : Pages.Problem(StatusCodes.Status409Conflict, page.Text<PublishPage>("publish.lost", call.Version.Number));
    }

    static async Task<IResult> Page(ApplicationsDb db, CallDraft draft, string reason, FieldErrors? errors, int status, PageContext page, CancellationToken ct)
    {
        var (definition, problems) = await DraftChecks.Of(db, draft.CallId, draft.Programme, draft.Text, page, ct);
        var newest = await CallDefinitions.Newest(db, draft.CallId, ct);
        return Pages.Show<PublishPage>(
            new
            {
                Draft = draft,
                Definition = definition,
                Problems = problems,
                Newest = newest,
                Changes = newest is null ? null : ListVersions.Changes(newest.Version, draft.Text),
                Writing = await db.Applications.CountAsync(found => found.CallId == draft.CallId && found.State == ApplicationState.Draft, ct),
                Submitted = await db.Applications.CountAsync(found => found.CallId == draft.CallId && found.State != ApplicationState.Draft, ct),
                Reason = reason,
                Errors = errors,
            },
            status);
    }
}
