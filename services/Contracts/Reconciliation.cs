namespace Grants.Contracts.Reconciliation;

/// <summary>
/// What a service knows of a call, in figures: published when they change, so that each service can compare its neighbours' with its own. Silence says that
/// nothing has changed. Subjects are one a service and call.
/// </summary>
/// <param name="Service">Who says so, such as <c>reviews</c>.</param>
/// <param name="CallId">The call.</param>
/// <param name="SubjectVersion">Grows with each publication of this service about this call.</param>
/// <param name="At">When it was counted, UTC.</param>
/// <param name="Until">What happened before this instant is counted, by the time that the events carry: so others can count the same. It lies some time before
/// <paramref name="At"/>, since messages are under way.</param>
/// <param name="Figures">All figures that the service knows, also those that are zero.</param>
public sealed record CallTotals(string Service, Guid CallId, long SubjectVersion, DateTimeOffset At, DateTimeOffset Until, IReadOnlyList<CallFigure> Figures) : IEvent
{
    /// <inheritdoc />
    public string Subject => $"totals:{Service}:{CallId}";
}

/// <summary>One figure of a call.</summary>
/// <param name="Name">One of <see cref="CallFigures"/>.</param>
/// <param name="Count">How many.</param>
/// <param name="AmountMinor">Their sum in minor units; 0 where the figure is not about money.</param>
/// <param name="Currency">ISO 4217 code; empty where the figure is not about money.</param>
/// <param name="Sha256">SHA-256, lower-case hex, of one line for each of them (application id, amount, currency, note; in ordinal order, each ended by a line feed).</param>
public sealed record CallFigure(string Name, long Count, long AmountMinor, string Currency, string Sha256);

/// <summary>The figures that services compare.</summary>
public static class CallFigures
{
    /// <summary>Applications submitted, received, and receipted to the applicants.</summary>
    public const string Submitted = "submitted";

    /// <summary>Dossiers with their hashes and the amounts asked for.</summary>
    public const string Dossiers = "dossiers";

    /// <summary>Checks with their outcomes.</summary>
    public const string Checked = "checked";

    /// <summary>Awards with their amounts.</summary>
    public const string Awarded = "awarded";

    /// <summary>Rejections.</summary>
    public const string Rejected = "rejected";

    /// <summary>Letters with the outcome that were released.</summary>
    public const string Told = "told";

    /// <summary>Instalments that were paid, with their amounts.</summary>
    public const string Paid = "paid";

    /// <summary>Versions of the call's definition, each with its number and hash.</summary>
    public const string Definitions = "definitions";

    /// <summary>Which services know a figure: all of them must say the same.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> KnownBy = new Dictionary<string, IReadOnlyList<string>>
    {
        [Definitions] = ["applications", "reviews", "disbursements", "notifications"],
        [Submitted] = ["applications", "reviews", "notifications"],
        [Dossiers] = ["applications", "reviews"],
        [Checked] = ["applications", "reviews"],
        [Awarded] = ["reviews", "disbursements", "notifications", "applications"],
        [Rejected] = ["reviews", "notifications", "applications"],
        [Told] = ["notifications", "applications"],
        [Paid] = ["disbursements", "applications"],
    };
}
