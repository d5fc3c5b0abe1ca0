namespace Grants.Disbursements.Domain;

/// <summary>What may change between the first approval of a payment and the bank.</summary>
public enum PaymentChange
{
    /// <summary>The grantee gave another account.</summary>
    AccountGiven,

    /// <summary>An officer confirmed another account.</summary>
    AccountConfirmed,

    /// <summary>The amount of an instalment.</summary>
    AmountChanged,

    /// <summary>A later version of the call asks for more people, or for fewer.</summary>
    RuleChanged,

    /// <summary>The rules cannot be read, or say nothing of the amount.</summary>
    RuleUnreadable,

    /// <summary>Somebody who approved turns out to belong to the grantee.</summary>
    ApproverTied,

    /// <summary>The bank did not carry out the order.</summary>
    OrderFailed,

    /// <summary>The money came back.</summary>
    PaymentReturned,

    /// <summary>The agreement was ended.</summary>
    GrantEnded,
}

/// <summary>What a change does to the approvals of a payment.</summary>
public enum ApprovalEffect
{
    /// <summary>They stay, but nothing is approved or ordered until the change is settled.</summary>
    Blocked,

    /// <summary>All are undone: a new round of approvals begins.</summary>
    AllUndone,

    /// <summary>That person's counts no more; the others do.</summary>
    OneUndone,

    /// <summary>They stay and are counted again by the stricter rule before the order.</summary>
    CountedAgain,

    /// <summary>Nothing is paid any more.</summary>
    Ended,

    /// <summary>It cannot happen.</summary>
    Impossible,
}

/// <summary>Which change undoes which approval, as data. The page in the docs is written from it, and a test for each row shows that the service does what it says.</summary>
public static class ApprovalEffects
{
    /// <summary>Every change once.</summary>
    public static readonly IReadOnlyList<(PaymentChange Change, ApprovalEffect Effect, string Why)> Table =
    [
        (PaymentChange.AccountGiven, ApprovalEffect.Blocked, "Nobody knows yet which of the two accounts is right."),
        (PaymentChange.AccountConfirmed, ApprovalEffect.AllUndone, "Who approved saw another account. What is at the bank already goes where its list says."),
        (PaymentChange.AmountChanged, ApprovalEffect.Impossible, "The amount stands in the agreement and is written once; another amount would be another agreement."),
        (PaymentChange.RuleChanged, ApprovalEffect.CountedAgain, "The stricter of the version agreed on and the newest counts; what was approved by enough people for both stays approved."),
        (PaymentChange.RuleUnreadable, ApprovalEffect.Blocked, "Without a rule nobody may; there is no rule to fall back to."),
        (PaymentChange.ApproverTied, ApprovalEffect.OneUndone, "Who belongs or belonged to the grantee never approved, whenever that became known."),
        (PaymentChange.OrderFailed, ApprovalEffect.AllUndone, "Something was wrong with what was approved."),
        (PaymentChange.PaymentReturned, ApprovalEffect.AllUndone, "Something was wrong with what was approved."),
        (PaymentChange.GrantEnded, ApprovalEffect.Ended, "Instalments that were not paid are cancelled."),
    ];

    public static ApprovalEffect Of(PaymentChange change) => Table.Single(row => row.Change == change).Effect;
}
