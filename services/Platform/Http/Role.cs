namespace Grants.Platform.Http;

/// <summary>Codes of platform roles. One person may hold several, each in a scope. Relations to a thing (member, assigned evaluator) are not roles.</summary>
public static class Role
{
    /// <summary>Checks applications, assigns evaluators, prepares awards.</summary>
    public const string ProgrammeOfficer = "programme-officer";

    /// <summary>Scores applications assigned to them.</summary>
    public const string Evaluator = "evaluator";

    /// <summary>Sees the ranking and takes part in the recommendation.</summary>
    public const string CommitteeMember = "committee-member";

    /// <summary>Leads the committee and records its recommendation.</summary>
    public const string Chair = "chair";

    /// <summary>Decides on awards and signs for the funder.</summary>
    public const string DecisionMaker = "decision-maker";

    /// <summary>Approves and records payments.</summary>
    public const string FinanceOfficer = "finance-officer";

    /// <summary>Coordinates a country.</summary>
    public const string NationalCoordinator = "national-coordinator";

    /// <summary>Donor or auditor: reads everything in scope, changes nothing.</summary>
    public const string Auditor = "auditor";

    /// <summary>Invites people, grants roles, sees operations.</summary>
    public const string Administrator = "administrator";

    /// <summary>All codes, in the order they are shown.</summary>
    public static readonly IReadOnlyList<string> All =
        [ProgrammeOfficer, Evaluator, CommitteeMember, Chair, DecisionMaker, FinanceOfficer, NationalCoordinator, Auditor, Administrator];
}

/// <summary>A role somebody holds.</summary>
/// <param name="Role">A code of <see cref="Http.Role"/>.</param>
/// <param name="Scope"><c>*</c>, <c>programme:L4C</c>, <c>call:{id}</c> or <c>country:BA</c>.</param>
public sealed record HeldRole(string Role, string Scope);

/// <summary>Where a thing belongs, to be matched with the scopes of roles.</summary>
/// <param name="Programme">Programme code.</param>
/// <param name="CallId">The call.</param>
/// <param name="Country">Country of the applicant, if one matters.</param>
public sealed record Place(string Programme, Guid CallId, string? Country = null)
{
    /// <summary>True when a role with <paramref name="scope"/> reaches this place.</summary>
    public bool IsIn(string scope) =>
        scope == "*" || scope == $"programme:{Programme}" || scope == $"call:{CallId}" || (Country is not null && scope == $"country:{Country}");
}
