using Grants.Platform.Http;

namespace Grants.Platform.Ui;

/// <summary>The entries of the service navigation: at most six, by what a person does here.</summary>
public static class Navigation
{
    const int Most = 6;

    /// <summary>All entries in the order they are shown: key of the text, address, and the roles that need it; no roles means everybody.</summary>
    static readonly (string Key, string Href, string[] Roles)[] Staff =
    [
        ("calls", "/calls", []),
        ("desk", "/desk", [Role.ProgrammeOfficer, Role.NationalCoordinator, Role.Auditor]),
        ("reviews", "/reviews", [Role.Evaluator]),
        ("ranking", "/ranking", [Role.ProgrammeOfficer, Role.CommitteeMember, Role.Chair, Role.DecisionMaker, Role.Auditor]),
        ("decisions", "/decisions", [Role.DecisionMaker, Role.Auditor]),
        ("grants", "/grants", [Role.ProgrammeOfficer, Role.DecisionMaker, Role.FinanceOfficer, Role.NationalCoordinator, Role.Auditor]),
        ("payments", "/payments", [Role.FinanceOfficer, Role.Auditor]),
        ("inbox", "/inbox", []),
        ("people", "/people", [Role.Administrator]),
        ("operations", "/operations", [Role.Administrator]),
    ];

    // Somebody with many roles finds these elsewhere: calls behind the operator's name, the inbox behind the task count.
    static readonly string[] LeavesFirst = ["calls", "inbox", "reviews"];

    /// <summary>The entries for a person.</summary>
    public static IReadOnlyList<(string Key, string Href)> For(Caller caller)
    {
        if (!caller.IsSignedIn) return [("calls", "/calls")];
        if (caller.Roles.Count == 0) return [("calls", "/calls"), ("applications", "/applications"), ("myGrants", "/grants"), ("inbox", "/inbox")];
        var entries = Staff.Where(entry => entry.Roles.Length == 0 || caller.HoldsAny(entry.Roles)).Select(entry => (entry.Key, entry.Href)).ToList();
        foreach (var key in LeavesFirst)
            if (entries.Count > Most) entries.RemoveAll(entry => entry.Key == key);
        return [.. entries.Take(Most)];
    }

    /// <summary>Whether a path lies under an entry.</summary>
    public static bool IsCurrent(string href, string path)
    {
        path = path.Split('?')[0];
        return path == href || path.StartsWith(href + "/", StringComparison.Ordinal);
    }
}
