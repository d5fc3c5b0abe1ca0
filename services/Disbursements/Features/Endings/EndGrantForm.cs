using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Disbursements.Features.Endings;

/// <summary>What is asked before a grant ends: a reason, and that whoever ends it knows what is lost.</summary>
public sealed record EndGrantForm(string Reason, bool Confirmed)
{
    /// <summary>More than a page of text is for a letter, not for a field.</summary>
    public const int LongestReason = 2_000;

    public static readonly EndGrantForm Empty = new("", false);

    public static EndGrantForm Read(PostedForm form) => new(form["reason"], form["confirmed"] == "yes");

    public FieldErrors Check(PageContext page)
    {
        var errors = new FieldErrors();
        if (ReasonText.Problem(Reason, LongestReason) is { } problem) errors.Add("reason", page.Text<EndGrantPage>($"end.reason.{problem}", LongestReason));
        if (!Confirmed) errors.Add("confirmed", page.Text<EndGrantPage>("end.unconfirmed"));
        return errors;
    }

    public static IResult Page(GrantSeen seen, EndGrantKind kind, EndGrantForm typed, FieldErrors errors, int status = StatusCodes.Status200OK) =>
        Pages.Show<EndGrantPage>(new { Seen = seen, Kind = kind, Typed = typed, Errors = errors }, status);
}

/// <summary>Who ends what.</summary>
public enum EndGrantKind
{
    /// <summary>The grantee refuses the award.</summary>
    Refusal,

    /// <summary>The officer ends the award for what the preparation found.</summary>
    Failure,

    /// <summary>The decision-maker ends the agreement in force.</summary>
    Cancellation,
}
