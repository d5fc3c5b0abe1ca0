namespace Grants.Notifications.Domain;

/// <summary>Keys of what inbox items say; the sentences are texts <c>item.{key}</c> of the inbox. A key never changes its meaning: stored items have it.</summary>
public static class ItemTemplate
{
    // Tasks of staff.
    public const string Check = "check", Assign = "assign", AssignAnother = "assign-another", AssignNext = "assign-next", Review = "review", Recommend = "recommend", Decide = "decide",
        ReleaseLetter = "release-letter", Prepare = "prepare", Sign = "sign", Approve = "approve", Pay = "pay";

    // Tasks of applicants.
    public const string Account = "account", Accept = "accept";

    // Notices to applicants.
    public const string Submitted = "submitted", Eligible = "eligible", Letter = "letter", InForce = "in-force", Paid = "paid";

    /// <summary>All keys: a test finds a text for each in every language that its readers may have.</summary>
    public static readonly IReadOnlyList<string> ForStaff = [Check, Assign, AssignAnother, AssignNext, Review, Recommend, Decide, ReleaseLetter, Prepare, Sign, Approve, Pay];

    public static readonly IReadOnlyList<string> ForApplicants = [Account, Accept, Submitted, Eligible, Letter, InForce, Paid];
}
