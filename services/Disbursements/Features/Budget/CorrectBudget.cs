using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Preparation;
using Grants.Platform;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Budget;

/// <summary>
/// The budget of a grant in preparation. The officer lowers lines or marks them as not eligible, each with a reason; no line and no grant ever goes up, and the sums are
/// made here. The grantee accepts it before the agreement is offered.
/// </summary>
public static class CorrectBudget
{
    public const int LongestReason = 300;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/grants/{applicationId:guid}/budget", Show).SignedIn("a member of the grantee that has been told, or staff in scope");
        routes.MapPost("/grants/{applicationId:guid}/budget", Handle).ForRoles("programme officer in scope who is not tied to the grantee", Role.ProgrammeOfficer);
    }

    /// <summary>What was typed for a line.</summary>
    public sealed record Typed(string Total, bool Ineligible, string Reason);

    static async Task<IResult> Show(Guid applicationId, Caller caller, DisbursementsDb db, FileStore files, CancellationToken ct) =>
        await db.SeeBudgetAsync(files, caller, applicationId, ct) is { } budget ? Page(budget, AsIs(budget), new FieldErrors(), StatusCodes.Status200OK) : Pages.NotFound();

    static async Task<IResult> Handle(
        Guid applicationId, PostedForm form, Caller caller, DisbursementsDb db, FileStore files, AppTime clock, PageContext page, CancellationToken ct)
    {
        using var span = Tracing.Start("budget correct", applicationId);
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await db.SeeBudgetAsync(files, caller, applicationId, ct) is not { Seen.IsOfficer: true } budget) return Pages.NotFound();

        var grant = budget.Seen.Grant;
        var typed = budget.Agreed.Lines.ToDictionary(
            line => line.Submitted.Id, line => new Typed(form[$"total-{line.Submitted.Id}"], form[$"ineligible-{line.Submitted.Id}"] == "yes", form[$"reason-{line.Submitted.Id}"]), StringComparer.Ordinal);
        var errors = new FieldErrors();
        if (!budget.CanCorrect)
            errors.Add("", page.Text<BudgetPage>(budget.Seen.Tied is null ? "budget.membersUnknown" : !budget.Seen.IsIndependent ? "budget.tied" : "budget.notNow"));
        // Two officers at once, or the grantee accepting meanwhile: nothing is overwritten that this officer has not seen.
        if (form["correction"] != $"{grant.BudgetCorrectionId}") errors.Add("", page.Text<BudgetPage>("budget.changed"));
        var lines = budget.Agreed.Lines.Select(line => line with { TotalMinor = Read(budget, line, typed[line.Submitted.Id], errors, page) }).ToList();
        var corrected = budget.Agreed with { Lines = lines };
        if (errors.None && lines.SequenceEqual(budget.Agreed.Lines)) errors.Add("", page.Text<BudgetPage>("budget.nothingLowered"));
        if (errors.None) CheckRules(budget, corrected, errors, page);
        if (!errors.None) return Page(budget, typed, errors, StatusCodes.Status422UnprocessableEntity);

        var now = clock.Now;
        var correction = new BudgetCorrection
        {
            Id = Guid.CreateVersion7(),
            ApplicationId = applicationId,
            Number = 1 + await db.BudgetCorrections.CountAsync(known => known.ApplicationId == applicationId, ct),
            TotalMinor = corrected.TotalMinor,
            OwnMinor = corrected.OwnMinor,
            GrantMinor = corrected.GrantMinor,
            Currency = grant.Currency,
            By = caller.PersonId,
            At = now,
        };
        db.BudgetCorrections.Add(correction);
        foreach (var (before, after) in budget.Agreed.Lines.Zip(lines).Where(pair => pair.Second.TotalMinor < pair.First.TotalMinor))
        {
            var line = typed[after.Submitted.Id];
            db.CorrectedLines.Add(new CorrectedLine
            {
                CorrectionId = correction.Id,
                LineId = after.Submitted.Id,
                BeforeMinor = before.TotalMinor,
                TotalMinor = after.TotalMinor,
                Eligible = !line.Ineligible,
                Reason = line.Reason,
            });
        }

        grant.CorrectBudget(correction.Id);
        db.Audit(now, caller.PersonId, "grant.budget-corrected", applicationId, new Money(correction.GrantMinor, grant.Currency).ToString());
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/grants/{applicationId}/budget");
    }

    static long Read(BudgetSeen budget, CorrectedBudget.Line line, Typed typed, FieldErrors errors, PageContext page)
    {
        var (id, before) = (line.Submitted.Id, budget.Money(line.TotalMinor));
        var total = Money.Zero(before.Currency);
        if (!typed.Ineligible)
        {
            if (!MoneyParser.TryParse(typed.Total, before.Currency, out total, out var problem))
            {
                errors.Add($"total-{id}", MoneyParser.Sentence(problem, page.Culture));
                return before.Minor;
            }

            if (total > before)
            {
                errors.Add($"total-{id}", page.Text<BudgetPage>("budget.raised", before));
                return before.Minor;
            }
        }

        if (total < before && ReasonText.Problem(typed.Reason, LongestReason) is { } reason) errors.Add($"reason-{id}", page.Text<BudgetPage>($"budget.reason.{reason}", LongestReason));
        // Marked as not eligible, but nothing was planned for it: there is nothing to lower.
        return total.Minor;
    }

    static void CheckRules(BudgetSeen budget, CorrectedBudget corrected, FieldErrors errors, PageContext page)
    {
        foreach (var (problem, limit) in corrected.Check(budget.Call, budget.Seen.Grant.Lot))
            errors.Add("", page.Text<BudgetPage>($"budget.problem.{problem}", limit is null ? "" : AgreementText.In(limit.Label, page.Language, budget.Call.Languages)));
    }

    static Dictionary<string, Typed> AsIs(BudgetSeen budget) => budget.Agreed.Lines.ToDictionary(
        line => line.Submitted.Id,
        line => budget.WaitingLines.TryGetValue(line.Submitted.Id, out var lowered)
            ? new Typed(MoneyFormat.Plain(budget.Money(lowered.TotalMinor)), !lowered.Eligible, lowered.Reason)
            : new Typed(MoneyFormat.Plain(budget.Money(line.TotalMinor)), false, ""),
        StringComparer.Ordinal);

    static IResult Page(BudgetSeen budget, IReadOnlyDictionary<string, Typed> typed, FieldErrors errors, int status) =>
        Pages.Show<BudgetPage>(new { Budget = budget, Typed = typed, Errors = errors }, status);

    /// <summary>The page after an acceptance was refused.</summary>
    internal static IResult Refused(BudgetSeen budget, FieldErrors errors) => Page(budget, AsIs(budget), errors, StatusCodes.Status422UnprocessableEntity);
}
