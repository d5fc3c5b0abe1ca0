using Grants.Applications.Domain;
using Grants.Contracts.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Apply;

/// <summary>The page on which the application is written.</summary>
public static class EditDraft
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/applications/{applicationId:guid}/draft", Show).SignedIn("member of the organisation");
        routes.MapPost("/applications/{applicationId:guid}/draft", Save).SignedIn("member of the organisation");
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        if (await Drafts.Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        if (!draft.Application.IsBeingWritten) return Results.LocalRedirect($"/applications/{applicationId}");
        return Pages.Show<EditDraftPage>(new
        {
            Draft = draft,
            clock.Now,
            Fields = DraftForm.Fields(draft.Definition).ToDictionary(name => name, name => ShownField.Stored(draft.Stored(name))),
        });
    }

    static async Task<IResult> Save(Guid applicationId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Drafts.Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        using var span = Tracing.Start("application save", applicationId);
        var now = clock.Now;
        var errors = new FieldErrors();
        var typed = new Dictionary<string, (FieldToken Shown, string Typed)>();
        var posted = DraftForm.Fields(draft.Definition).Where(name => IsPosted(draft.Definition, name, form))
            .ToDictionary(name => name, name => DraftForm.Normal(draft.Definition, name, DraftSaving.Posted(draft.Definition, name, form)));
        var values = new Dictionary<string, string>(draft.Values);
        foreach (var (name, value) in posted) values[name] = value;
        foreach (var (name, value) in posted)
        {
            var shown = FieldToken.Parse(form[DraftSaving.TokenOf(name)]);
            // A question that is not asked keeps what was typed, whatever it is: nobody has to put it right.
            if (DraftForm.IsAsked(draft.Definition, name, values) && DraftForm.Check(draft.Definition, name, value) is { } problem)
                errors.Add(name, DraftSentences.Of(page, draft.Definition, problem));
            else typed[name] = (shown, value);
        }

        // What is right is saved also when something else is wrong: nothing that was written is lost.
        var saved = await DraftSaving.Save(db, draft, typed, caller.PersonId, now, ct);
        if (saved.Submitted) return Results.LocalRedirect($"/applications/{applicationId}");
        var fields = new Dictionary<string, ShownField>();
        foreach (var name in DraftForm.Fields(draft.Definition))
        {
            var stored = saved.Stored.GetValueOrDefault(name);
            if (errors.For(name) is not null)
            {
                fields[name] = new ShownField(posted[name], FieldToken.Parse(form[DraftSaving.TokenOf(name)]));
            }
            else if (saved.Outcomes.GetValueOrDefault(name) == SaveOutcome.Conflict)
            {
                errors.Add(name, page.Text<EditDraftPage>("save.bothShown"));
                var by = stored!.SavedBy == caller.PersonId ? caller.Name : await db.People.Where(person => person.Id == stored.SavedBy).Select(person => person.Name).SingleOrDefaultAsync(ct);
                fields[name] = new ShownField(typed[name].Typed, FieldToken.Of(stored.Version, stored.Value), stored.Value, by ?? "", stored.SavedAt);
            }
            else
            {
                fields[name] = ShownField.Stored(stored);
            }
        }

        if (!errors.None)
        {
            var conflict = saved.Outcomes.Values.Contains(SaveOutcome.Conflict);
            return Pages.Show<EditDraftPage>(
                new { Draft = draft, Now = now, Fields = fields, Errors = errors, Saved = true },
                conflict ? StatusCodes.Status409Conflict : StatusCodes.Status422UnprocessableEntity);
        }

        return Results.LocalRedirect($"/applications/{applicationId}");
    }

    // Of boxes of which none is ticked nothing is posted but the token beside them.
    static bool IsPosted(CallDefinition call, string name, PostedForm form) =>
        form.Has(name) || DraftForm.QuestionOf(call, name)?.Kind == QuestionKind.MultipleChoice && form.Has(DraftSaving.TokenOf(name));
}

/// <summary>A field as the page shows it.</summary>
/// <param name="Value">Text in the field.</param>
/// <param name="Token">What is posted back with it.</param>
/// <param name="Other">The text somebody else saved meanwhile; null when there is no conflict.</param>
/// <param name="OtherBy">Who saved it.</param>
/// <param name="OtherAt">When.</param>
public sealed record ShownField(string Value, FieldToken Token, string? Other = null, string OtherBy = "", DateTimeOffset OtherAt = default)
{
    /// <summary>A field as stored.</summary>
    public static ShownField Stored(DraftField? field) => new(field?.Value ?? "", FieldToken.Of(field?.Version ?? 0, field?.Value ?? ""));
}
