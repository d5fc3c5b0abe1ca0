using System.Globalization;
using Grants.Contracts.Calls;
using Grants.Platform.Localisation;

namespace Grants.Reviews.Domain;

/// <summary>How long a decision may be contested.</summary>
public static class ObjectionPeriod
{
    /// <summary>
    /// The instant at which objections can no longer be made: the end of the last day in the call's zone. The day of the decision does not count. Where only
    /// working days count these are Monday to Friday: public holidays differ by country and town and are not known here.
    /// </summary>
    /// <param name="rule">The call's rule.</param>
    /// <param name="decidedAt">When it was decided.</param>
    /// <param name="zone">The call's zone.</param>
    public static DateTimeOffset EndsAt(ObjectionRule rule, DateTimeOffset decidedAt, string zone)
    {
        var day = DateOnly.FromDateTime(Dates.In(decidedAt, zone));
        for (var left = rule.Days; left > 0;)
        {
            day = day.AddDays(1);
            if (!rule.WorkingDays || day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) left--;
        }

        // The first minute of the next day; where clocks change at midnight, the first one that exists once.
        for (var minute = day.AddDays(1).ToDateTime(TimeOnly.MinValue); ; minute = minute.AddMinutes(15))
            if (Dates.TryInstant(minute.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture), zone, out var instant, out _)) return instant;
    }

    /// <summary>From when on the agreement may be offered; null when nothing has to be waited for.</summary>
    public static DateTimeOffset? ContractingFrom(CallDefinition call, DateTimeOffset decidedAt) =>
        call.Stages.FirstOrDefault(stage => stage.Decision is not null)?.Decision!.Objection is { SuspendsContracting: true } rule ? EndsAt(rule, decidedAt, call.TimeZone) : null;
}
