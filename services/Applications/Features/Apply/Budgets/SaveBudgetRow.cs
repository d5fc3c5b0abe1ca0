using Grants.Applications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Apply.Budgets;

/// <summary>
/// Adds, saves and removes a row of the budget, each with a form of its own. Two people may write in two fields of a row; who writes in a field that was changed meanwhile sees both.
/// </summary>
public static class SaveBudgetRow
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/applications/{applicationId:guid}/budget/rows/{rowId:guid}", Save).SignedIn("member of the organisation");
        routes.MapPost("/applications/{applicationId:guid}/budget/rows/{rowId:guid}/fields", SaveField).SignedIn("member of the organisation");
        routes.MapPost("/applications/{applicationId:guid}/budget/rows/{rowId:guid}/removal", Remove).SignedIn("member of the organisation");
    }

    static async Task<IResult> Save(Guid applicationId, Guid rowId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await EditBudget.Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        using var span = Tracing.Start("application budget row", applicationId);
        var result = await Store(db, draft, rowId, form, BudgetForm.Fields, mayAdd: true, caller, clock.Now, ct);
        if (result.Submitted) return Results.LocalRedirect($"/applications/{applicationId}");
        if (result.Problems.Count == 0 && result.Conflicts.Count == 0) return Results.LocalRedirect($"/applications/{applicationId}/budget#row-{rowId:N}");

        var again = await EditBudget.Again(db, applicationId, caller, ct);
        var errors = new FieldErrors();
        foreach (var problem in result.Problems) errors.Add(RowForm.NameOf(problem.Field, rowId), BudgetWords.Of(page, problem));
        var by = result.Row is null || result.Row.SavedBy == caller.PersonId ? caller.Name
            : await db.People.Where(person => person.Id == result.Row.SavedBy).Select(person => person.Name).SingleOrDefaultAsync(ct) ?? "";
        var fields = BudgetForm.Fields.ToDictionary(field => field, field =>
        {
            var typed = result.Typed.GetValueOrDefault(field, "");
            if (!result.Conflicts.Contains(field)) return new ShownField(typed, result.Shown[field]);
            errors.Add(RowForm.NameOf(field, rowId), page.Text<EditBudgetPage>("budget.bothShown"));
            var stored = BudgetForm.Shown(result.Row!, field, draft.Definition.Currency);
            return new ShownField(typed, FieldToken.Of(result.Row!.Version, stored), BudgetWords.Readable(page, draft, field, stored), by, result.Row.SavedAt);
        });
        return EditBudget.Page(
            again, clock.Now, new RowForm(rowId, result.Row is not null, fields), null, errors,
            result.Conflicts.Count > 0 ? StatusCodes.Status409Conflict : StatusCodes.Status422UnprocessableEntity);
    }

    static async Task<IResult> SaveField(Guid applicationId, Guid rowId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await EditBudget.Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        var field = BudgetForm.Fields.FirstOrDefault(name => form.Has(RowForm.NameOf(name, rowId)));
        if (field is null) return EditBudget.Answer(StatusCodes.Status422UnprocessableEntity, new { error = page.Text<EditBudgetPage>("budget.unknown") });
        var result = await Store(db, draft, rowId, form, [field], mayAdd: false, caller, clock.Now, ct);
        if (result.Submitted) return EditBudget.Answer(StatusCodes.Status409Conflict, new { error = page.Text<EditBudgetPage>("budget.submitted") });
        if (result.Row is not { } row) return EditBudget.Answer(StatusCodes.Status409Conflict, new { error = page.Text<EditBudgetPage>("budget.gone") });
        if (result.Problems is [var problem, ..]) return EditBudget.Answer(StatusCodes.Status422UnprocessableEntity, new { error = BudgetWords.Of(page, problem) });
        var stored = BudgetForm.Shown(row, field, draft.Definition.Currency);
        if (result.Conflicts.Count > 0) return EditBudget.Answer(StatusCodes.Status409Conflict, new { error = page.Text<EditBudgetPage>("budget.conflict"), stored, typed = result.Typed[field] });
        // Not touched here and changed by somebody else: the page goes on knowing what it shows.
        var token = result.Typed[field] == stored ? FieldToken.Of(row.Version, stored) : result.Shown[field];
        return EditBudget.Saved(
            page, await EditBudget.Again(db, applicationId, caller, ct), clock.Now, new() { [DraftSaving.TokenOf(RowForm.NameOf(field, rowId))] = token.ToString() });
    }

    static async Task<IResult> Remove(Guid applicationId, Guid rowId, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        if (await EditBudget.Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await Drafts.Touch(db, draft, clock.Now, ct)) return Results.LocalRedirect($"/applications/{applicationId}");
        if (await db.BudgetRows.SingleOrDefaultAsync(row => row.ApplicationId == draft.RowsId && row.Id == rowId, ct) is { } found)
        {
            db.Remove(found);
            // What it said stays in the trail: a row that was removed by mistake can be typed again.
            db.Audit(clock.Now, caller.PersonId, "application.budget-row-removed", applicationId, $"{rowId}: {found.Heading}, {BudgetForm.QuantityText(found.QuantityHundredths)} × {found.UnitCostMinor}");
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/applications/{applicationId}/budget#rows");
    }

    /// <summary>What became of a row.</summary>
    sealed record Stored(
        bool Submitted, BudgetRow? Row, IReadOnlyList<BudgetFieldProblem> Problems, IReadOnlyList<string> Conflicts, IReadOnlyDictionary<string, string> Typed,
        IReadOnlyDictionary<string, FieldToken> Shown);

    static async Task<Stored> Store(
        ApplicationsDb db, Draft draft, Guid rowId, PostedForm form, IReadOnlyList<string> fields, bool mayAdd, Caller caller, DateTimeOffset now, CancellationToken ct)
    {
        var currency = draft.Definition.Currency;
        var typed = fields.ToDictionary(field => field, field => BudgetForm.Normal(field, form[RowForm.NameOf(field, rowId)], currency));
        var shown = fields.ToDictionary(field => field, field => FieldToken.Parse(form[DraftSaving.TokenOf(RowForm.NameOf(field, rowId))]));
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await Drafts.Touch(db, draft, now, ct)) return new Stored(true, null, [], [], typed, shown);
        var row = await db.BudgetRows.SingleOrDefaultAsync(found => found.ApplicationId == draft.RowsId && found.Id == rowId, ct);
        if (row is null && !mayAdd) return new Stored(false, null, [], [], typed, shown);

        // A field is overwritten only by who has seen what stands in it.
        var stored = BudgetForm.Fields.ToDictionary(field => field, field => row is null ? "" : BudgetForm.Shown(row, field, currency));
        var conflicts = fields.Where(field => row is not null && typed[field] != stored[field] && !shown[field].Shows(typed[field]) && !shown[field].Shows(stored[field])).ToList();
        var changed = fields.Where(field => typed[field] != stored[field] && !conflicts.Contains(field) && (row is null || !shown[field].Shows(typed[field]))).ToList();
        var whole = stored.ToDictionary(pair => pair.Key, pair => changed.Contains(pair.Key) ? typed[pair.Key] : pair.Value);
        var problems = BudgetForm.Check(draft.Definition, whole, draft.Partners).Where(problem => fields.Contains(problem.Field) || changed.Contains(BudgetForm.Quantity)).ToList();
        if (row is null && await db.BudgetRows.CountAsync(found => found.ApplicationId == draft.RowsId, ct) >= BudgetForm.MostRows)
            problems.Add(new(BudgetForm.Description, RowProblem.TooManyRows) { Limit = BudgetForm.MostRows });
        if (problems.Count > 0) return new Stored(false, row, problems, conflicts, typed, shown);
        if (row is null)
        {
            // Rows stand in the order in which they were added, also when that was within one millisecond; their ids do not tell.
            var last = await db.BudgetRows.Where(found => found.ApplicationId == draft.RowsId).OrderByDescending(found => found.AddedAt).Select(found => (DateTimeOffset?)found.AddedAt)
                .FirstOrDefaultAsync(ct);
            db.Add(row = new BudgetRow { ApplicationId = draft.RowsId, Id = rowId, AddedAt = last >= now ? last.Value.AddMilliseconds(1) : now });
        }

        foreach (var field in changed) BudgetForm.Set(row, field, typed[field], currency);
        if (changed.Count > 0)
        {
            row.Version++;
            row.SavedAt = now;
            row.SavedBy = caller.PersonId;
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new Stored(false, row, [], conflicts, typed, shown);
    }
}
