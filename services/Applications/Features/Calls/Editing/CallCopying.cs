using System.Globalization;
using System.Text.RegularExpressions;
using Grants.Contracts.Calls;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>Makes next year's call of last year's.</summary>
static partial class CallCopying
{
    /// <summary>Fifty-two weeks: everything falls on the same day of the week a year later.</summary>
    public const int DefaultDays = 364;

    /// <summary>
    /// The definition under another id, all its local dates moved, the year in prefix and titles advanced with the opening. A moved time that does not exist on
    /// its new day is left as it is, for the check to report: a deadline is a promise, and nobody but its author chooses another.
    /// </summary>
    public static CallDefinition Copy(CallDefinition call, Guid id, int years, int days, string note)
    {
        var copy = call with
        {
            Id = id,
            Duration = call.Duration with { EarliestStart = Moved(call.Duration.EarliestStart, years, days), LatestEnd = Moved(call.Duration.LatestEnd, years, days) },
            Stages = [.. call.Stages.Select(stage => stage.Intake is not { } intake ? stage : stage with
            {
                Intake = intake with
                {
                    OpensAt = Moved(intake.OpensAt, years, days),
                    ClosesAt = Moved(intake.ClosesAt, years, days),
                    Cutoffs = [.. intake.Cutoffs.Select(cutoff => Moved(cutoff, years, days))],
                    QuestionsUntil = Moved(intake.QuestionsUntil, years, days),
                },
            })],
            Notes = [.. call.Notes, note],
        };
        var advance = YearOf(copy.OpensAt) - YearOf(call.OpensAt);
        return copy with
        {
            ReferencePrefix = Advanced(call.ReferencePrefix, advance),
            Title = call.Title.ToDictionary(title => title.Key, title => Advanced(title.Value, advance), StringComparer.Ordinal),
        };
    }

    static string Moved(string local, int years, int days)
    {
        foreach (var format in (string[])["yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd"])
        {
            if (DateTime.TryParseExact(local, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
                return time.AddYears(years).AddDays(days).ToString(format, CultureInfo.InvariantCulture);
        }

        return local;
    }

    static int YearOf(string local) => int.Parse(local.AsSpan(0, 4), CultureInfo.InvariantCulture);

    static string Advanced(string text, int years) => Year().Replace(text, year => (int.Parse(year.Value, CultureInfo.InvariantCulture) + years).ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"(?<!\d)20\d\d(?!\d)")]
    private static partial Regex Year();
}
