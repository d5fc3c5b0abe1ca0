using System.Globalization;
using Grants.Applications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>The page on which a definition is written, with what is wrong with it.</summary>
public static class EditDefinition
{
    // Line ends are posted as two characters, and what is too long should be answered with a sentence beside the text rather than with a bare refusal.
    const long MostPosted = 4 * CallDraft.MostBytes;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/desk/calls/{callId:guid}/draft", Show).ForRoles("the draft's programme is in the scope of the role", DraftAccess.Readers);
        routes.MapPost("/desk/calls/{callId:guid}/draft", Save).ForRoles("the draft's programme is in the scope of the role", DraftAccess.Writers).TakesUpload(MostPosted);
    }

    static async Task<IResult> Show(Guid callId, Caller caller, ApplicationsDb db, PageContext page, CancellationToken ct) =>
        await DraftAccess.Draft(db, callId, caller, DraftAccess.Readers, ct) is { } draft ? await Page(db, draft, caller, draft.Text, draft.Reason, null, null, StatusCodes.Status200OK, page, ct) : Pages.NotFound();

    static async Task<IResult> Save(Guid callId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        var (text, reason) = (form.Raw("text"), form["reason"]);
        if (await DraftAccess.Draft(db, callId, caller, DraftAccess.Writers, ct) is not { } draft)
        {
            // Published or deleted meanwhile: what was typed is given back. Who may not see the call learns no more than that there is nothing.
            var known = await DraftAccess.Published(db, callId, caller, DraftAccess.Writers, ct) is not null;
            return Pages.Show<DraftGonePage>(new { CallId = known ? callId : (Guid?)null, Text = text }, known ? StatusCodes.Status409Conflict : StatusCodes.Status404NotFound);
        }

        if (!DraftText.Fits(text))
            return await Page(db, draft, caller, text, reason, new FieldErrors().Add("text", page.Text<EditDefinitionPage>("edit.tooLong")), null, StatusCodes.Status413PayloadTooLarge, page, ct);
        if (DraftForm.Characters(reason) > CallDraft.ReasonCharacters)
            return await Page(db, draft, caller, text, reason, new FieldErrors().Add("reason", page.Text<EditDefinitionPage>("publish.reasonTooLong", CallDraft.ReasonCharacters)), null, StatusCodes.Status422UnprocessableEntity, page, ct);
        if (DraftChecks.Refusal(caller, draft.Programme, text, page) is { } refusal)
            return await Page(db, draft, caller, text, reason, new FieldErrors().Add("text", page.Text<EditDefinitionPage>("edit.atLine", refusal.Line, refusal.Message)), null, StatusCodes.Status422UnprocessableEntity, page, ct);

        var seen = long.TryParse(form["token-version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
        if (await CallDrafts.Save(db, draft, seen, text, reason, caller, clock.Now, ct) == DraftSaved.Yes) return Results.LocalRedirect($"/desk/calls/{callId}/draft");
        return await DraftAccess.Draft(db, callId, caller, DraftAccess.Writers, ct) is { } other
            ? await Page(db, other, caller, text, reason, new FieldErrors().Add("text", page.Text<EditDefinitionPage>("edit.conflict", other.UpdatedByName)), other.Text, StatusCodes.Status409Conflict, page, ct)
            : Pages.Show<DraftGonePage>(new { CallId = (Guid?)callId, Text = text }, StatusCodes.Status409Conflict);
    }

    static async Task<IResult> Page(
        ApplicationsDb db, CallDraft draft, Caller caller, string text, string reason, FieldErrors? errors, string? other, int status, PageContext page, CancellationToken ct)
    {
        var fits = DraftText.Fits(text);
        return Pages.Show<EditDefinitionPage>(
            new
            {
                Draft = draft,
                Text = text,
                Reason = reason,
                Problems = fits ? (await DraftChecks.Of(db, draft.CallId, draft.Programme, text, page, ct)).Problems : [],
                IsAmendment = await db.Calls.AnyAsync(call => call.Id == draft.CallId, ct),
                MayWrite = caller.Holds(new Place(draft.Programme, draft.CallId), DraftAccess.Writers),
                Other = other,
                Changes = other is null ? [] : DefinitionChanges.Between(DraftText.Read(other), DraftText.Read(text)),
                Errors = errors,
            },
            status);
    }
}
