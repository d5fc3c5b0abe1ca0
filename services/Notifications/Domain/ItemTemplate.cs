namespace Grants.Notifications.Domain;

/// <summary>Keys of what inbox items say; the sentences are texts <c>item.{key}</c> of the inbox. A key never changes its meaning: stored items have it.</summary>
public static class ItemTemplate
{
    // Tasks of staff.
    public const string Check = "check", Assign = "assign", AssignAnother = "assign-another", AssignDeclined = "assign-declined", AssignThird = "assign-third", AssignNext = "assign-next",
        Review = "review", Recommend = "recommend", Decide = "decide", ReleaseLetter = "release-letter", Prepare = "prepare", Sign = "sign", Approve = "approve",
        ApproveAgain = "approve-again", Pay = "pay";

    // Notices to staff.
    public const string Clarified = "clarified", Unanswered = "unanswered", Withdrawn = "withdrawn", Lapsed = "lapsed";

    // Tasks of applicants.
    public const string DraftDue = "draft-due", Clarify = "clarify", Account = "account", Accept = "accept";

    // Notices to applicants.
    public const string Submitted = "submitted", Eligible = "eligible", Letter = "letter", InForce = "in-force", Paid = "paid", PaymentFailed = "payment-failed", AwardEnded = "award-ended";

    /// <summary>All keys: a test finds a text for each in every language that its readers may have.</summary>
    public static readonly IReadOnlyList<string> ForStaff =
    [
        Check, Assign, AssignAnother, AssignDeclined, AssignThird, AssignNext, Review, Recommend, Decide, ReleaseLetter, Prepare, Sign, Approve, ApproveAgain, Pay,
        Clarified, Unanswered, Withdrawn, Lapsed,
    ];

    public static readonly IReadOnlyList<string> ForApplicants =
        [DraftDue, Clarify, Account, Accept, Submitted, Eligible, Letter, InForce, Paid, PaymentFailed, AwardEnded];

    /// <summary>
    /// What is mailed at once, too: what somebody outside waits for or may miss. What moves among staff is not, and what waits for all with a role is in their inbox only.
    /// </summary>
    public static readonly IReadOnlyList<string> Mailed = [DraftDue, Submitted, Clarify, Clarified, Unanswered, Review, Letter, Accept, Paid];
}
