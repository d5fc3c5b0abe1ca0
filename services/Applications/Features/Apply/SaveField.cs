using Grants.Applications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Apply;

/// <summary>Saves one field when it loses focus. The whole form can be saved without it.</summary>
public static class SaveField
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/applications/{applicationId:guid}/draft/fields", Handle).SignedIn("member of the organisation");

    static async Task<IResult> Handle(Guid applicationId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Drafts.Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        var known = DraftForm.Fields(draft.Definition).ToList();
        // The page posts the field under its own name; a program may name it.
        var name = form.Has("field") ? form["field"] : known.FirstOrDefault(form.Has) ?? "";
        if (!known.Contains(name)) return Answer(StatusCodes.Status422UnprocessableEntity, new { error = page.Text<EditDraftPage>("save.unknown") });

        var value = DraftForm.Normal(draft.Definition, name, form.Has("field") ? form["value"] : DraftSaving.Posted(draft.Definition, name, form));
        var shown = FieldToken.Parse(form[form.Has("version") ? "version" : DraftSaving.TokenOf(name)]);
        if (DraftForm.IsAsked(draft.Definition, name, draft.Values) && DraftForm.Check(draft.Definition, name, value) is { } problem && !shown.Shows(value))
            return Answer(StatusCodes.Status422UnprocessableEntity, new { error = DraftSentences.Of(page, draft.Definition, problem) });

        var now = clock.Now;
        var saved = await DraftSaving.Save(db, draft, new Dictionary<string, (FieldToken, string)> { [name] = (shown, value) }, caller.PersonId, now, ct);
        if (saved.Submitted) return Answer(StatusCodes.Status409Conflict, new { error = page.Text<EditDraftPage>("save.submitted") });
        var stored = saved.Stored.GetValueOrDefault(name);
        if (saved.Outcomes[name] == SaveOutcome.Conflict)
            return Answer(StatusCodes.Status409Conflict, new { error = page.Text<EditDraftPage>("save.conflict"), stored = stored!.Value, typed = value });
        var token = saved.Outcomes[name] == SaveOutcome.Saved || value == (stored?.Value ?? "") ? FieldToken.Of(stored?.Version ?? 0, stored?.Value ?? "") : shown;
        return Answer(StatusCodes.Status200OK, new
        {
            savedAt = Dates.ShortInstant(now, draft.Definition.TimeZone, page.Culture),
            version = token.ToString(),
            hidden = new Dictionary<string, string> { [DraftSaving.TokenOf(name)] = token.ToString() },
        });
    }

    static IResult Answer(int status, object body) => Results.Json(body, statusCode: status);
}
