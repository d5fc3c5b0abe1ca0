using Grants.Contracts.Calls;

namespace Grants.Reviews.Tests;

/// <summary>Invented calls, people and organisations.</summary>
static class Sample
{
    /// <summary>A call with three criteria of 1 to 5 points, the first counted twice, and two reviews for each application.</summary>
    public static CallDefinition Definition(Guid? id = null, long budget = 1_000_000, int evaluators = 2) => new()
    {
        Id = id ?? Guid.CreateVersion7(),
        Programme = "L4C",
        ReferencePrefix = "L4C-2026",
        Languages = ["bs", "en"],
        Title = Texts("Mali grantovi", "Small grants"),
        Summary = Texts("Za udruženja.", "For associations."),
        Objectives = [],
        WhoMayApply = Texts("Udruženja.", "Associations."),
        Funder = "European Union",
        Lead = "Agency",
        Partners = [],
        Countries = ["BA"],
        Places = ["Mostar"],
        Currency = "BAM",
        TotalBudgetMinor = budget,
        MinGrantMinor = 200_000,
        MaxGrantMinor = 1_000_000,
        MaxMonths = 12,
        OpensAt = "2026-11-01T08:00:00",
        ClosesAt = "2027-01-15T23:59:59",
        TimeZone = "Europe/Sarajevo",
        Questions = [],
        Documents = [],
        CheckList = [],
        Grid = new EvaluationGrid(
            [
                new("needs", Texts("Potrebe", "Needs"), Texts("1 slabo, 5 odlično", "1 poor, 5 very good"), 100, 500, 2),
                new("design", Texts("Plan", "Design"), Texts("1 slabo, 5 odlično", "1 poor, 5 very good"), 100, 500, 1),
                new("budget", Texts("Budžet", "Budget"), Texts("1 slabo, 5 odlično", "1 poor, 5 very good"), 100, 500, 1),
            ],
            1200, evaluators),
        Instalments = [new(8000, "agreement-in-force"), new(2000, "final-report-accepted")],
        ApprovalsNeeded = 2,
        Notes = [],
    };

    static Dictionary<string, string> Texts(string bs, string en) => new() { ["bs"] = bs, ["en"] = en };
}
