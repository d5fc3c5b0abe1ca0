using Grants.Applications.Domain;
using Grants.Platform;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Apply.Budgets;

/// <summary>The budget of an application: its rows, its sums, and what the applicant adds.</summary>
public static class EditBudget
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/applications/{applicationId:guid}/budget", Show).SignedIn("member of the organisation");
        routes.MapPost("/applications/{applicationId:guid}/budget/own", SaveOwn).SignedIn("member of the organisation");
        routes.MapPost("/applications/{applicationId:guid}/budget/own/fields", SaveOwnField).SignedIn("member of the organisation");
    }

    /// <summary>The draft whose budget is written; null where there is none to write.</summary>
    public static async Task<Draft?> Of(ApplicationsDb db, Guid applicationId, Caller caller, CancellationToken ct) =>
        await Drafts.Of(db, applicationId, caller, ct) is { Definition.Intake.WithBudget: true } draft ? draft : null;

    static async Task<IResult> Show(Guid applicationId, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        if (await Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        return draft.Application.IsBeingWritten ? Page(draft, clock.Now, null, null, null) : Results.LocalRedirect($"/applications/{applicationId}");
    }

    static async Task<IResult> SaveOwn(Guid applicationId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        var (outcome, stored, problem) = await StoreOwn(draft, form, caller, db, clock.Now, ct);
        if (outcome is null) return Results.LocalRedirect($"/applications/{applicationId}");
        if (problem != MoneyProblem.None)
        {
            var typed = new ShownField(form[DraftForm.Own], FieldToken.Parse(form[DraftSaving.TokenOf(DraftForm.Own)]));
            return Page(draft, clock.Now, null, typed, new FieldErrors().Add(DraftForm.Own, MoneyParser.Sentence(problem, page.Culture)));
        }

        if (outcome == SaveOutcome.Conflict)
        {
            var by = stored!.SavedBy == caller.PersonId ? caller.Name : await db.People.Where(person => person.Id == stored.SavedBy).Select(person => person.Name).SingleOrDefaultAsync(ct);
            var both = new ShownField(form[DraftForm.Own], FieldToken.Of(stored.Version, stored.Value), stored.Value, by ?? "", stored.SavedAt);
            return Page(draft, clock.Now, null, both, new FieldErrors().Add(DraftForm.Own, page.Text<EditBudgetPage>("budget.bothShown")), StatusCodes.Status409Conflict);
        }

        return Results.LocalRedirect($"/applications/{applicationId}/budget#own-part");
    }

    static async Task<IResult> SaveOwnField(Guid applicationId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        var (outcome, stored, problem) = await StoreOwn(draft, form, caller, db, clock.Now, ct);
        if (outcome is null) return Answer(StatusCodes.Status409Conflict, new { error = page.Text<EditBudgetPage>("budget.submitted") });
        if (problem != MoneyProblem.None) return Answer(StatusCodes.Status422UnprocessableEntity, new { error = MoneyParser.Sentence(problem, page.Culture) });
        if (outcome == SaveOutcome.Conflict) return Answer(StatusCodes.Status409Conflict, new { error = page.Text<EditBudgetPage>("budget.conflict"), stored = stored!.Value });
        return Saved(page, await Again(db, applicationId, caller, ct), clock.Now, new() { [DraftSaving.TokenOf(DraftForm.Own)] = FieldToken.Of(stored?.Version ?? 0, stored?.Value ?? "").ToString() });
    }

    static async Task<(SaveOutcome? Outcome, DraftField? Stored, MoneyProblem Problem)> StoreOwn(
        Draft draft, PostedForm form, Caller caller, ApplicationsDb db, DateTimeOffset now, CancellationToken ct)
    {
        if (!ProjectBudget.TakesOwn(draft.Definition)) return (null, null, MoneyProblem.None);
        var (typed, problem) = (form[DraftForm.Own], MoneyProblem.None);
        if (typed.Length > 0)
        {
            if (!MoneyParser.TryParse(typed, draft.Definition.Currency, out var amount, out problem)) return (SaveOutcome.Nothing, null, problem);
            typed = MoneyFormat.Plain(amount);
        }

        var shown = FieldToken.Parse(form[DraftSaving.TokenOf(DraftForm.Own)]);
        var saved = await DraftSaving.Save(db, draft, new Dictionary<string, (FieldToken, string)> { [DraftForm.Own] = (shown, typed) }, caller.PersonId, now, ct);
        return saved.Submitted ? (null, null, problem) : (saved.Outcomes[DraftForm.Own], saved.Stored.GetValueOrDefault(DraftForm.Own), MoneyProblem.None);
    }

    /// <summary>The page; with a row, or the own contribution, as it was typed when something is wrong with it.</summary>
    public static IResult Page(
        Draft draft, DateTimeOffset now, RowForm? typed, ShownField? own, FieldErrors? errors, int status = StatusCodes.Status422UnprocessableEntity)
    {
        var rows = draft.Budget.Rows.Select(row => typed?.Id == row.Id ? typed : RowForm.Stored(row, draft.Definition.Currency)).ToList();
        // One empty row at the end, or the one that could not be stored.
        var added = typed is not null && rows.All(row => row.Id != typed.Id) ? typed : RowForm.New();
        return Pages.Show<EditBudgetPage>(
            new { Draft = draft, Now = now, Rows = rows, Added = added, Own = own ?? ShownField.Stored(draft.Stored(DraftForm.Own)), Errors = errors },
            errors is null ? StatusCodes.Status200OK : status);
    }

    /// <summary>The draft as it is now, after a change.</summary>
    public static async Task<Draft> Again(ApplicationsDb db, Guid applicationId, Caller caller, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        return await Of(db, applicationId, caller, ct) ?? throw new InvalidOperationException("A draft cannot vanish.");
    }

    /// <summary>What a page learns of a field it has saved: its new token, and the sums and sentences that follow from it.</summary>
    public static IResult Saved(PageContext page, Draft draft, DateTimeOffset now, Dictionary<string, string> hidden) => Answer(
        StatusCodes.Status200OK,
        new { savedAt = Dates.ShortInstant(now, draft.Definition.TimeZone, page.Culture), hidden, shown = BudgetWords.Sums(page, draft) });

    /// <summary>An answer to a field that is saved on its own.</summary>
    public static IResult Answer(int status, object body) => Results.Json(body, statusCode: status);
}

/// <summary>A row as the page shows it.</summary>
/// <param name="Id">Id of the row.</param>
/// <param name="IsStored">False for a row that is being added.</param>
/// <param name="Fields">Its fields by name.</param>
public sealed record RowForm(Guid Id, bool IsStored, IReadOnlyDictionary<string, ShownField> Fields)
{
    /// <summary>A stored row.</summary>
    public static RowForm Stored(BudgetRow row, string currency) => new(row.Id, true, BudgetForm.Fields.ToDictionary(field => field, field =>
    {
        var text = BudgetForm.Shown(row, field, currency);
        return new ShownField(text, FieldToken.Of(row.Version, text));
    }));

    /// <summary>An empty one, to be added.</summary>
    public static RowForm New() => new(Guid.CreateVersion7(), false, BudgetForm.Fields.ToDictionary(field => field, _ => new ShownField("", FieldToken.Of(0, ""))));

    /// <summary>Name of a field of a row in the page, where there are many rows.</summary>
    public static string NameOf(string field, Guid row) => $"{field}-{row:N}";
}
