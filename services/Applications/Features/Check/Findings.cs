using System.Globalization;
using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Platform;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Check;

/// <summary>How a finding stands to the rules of the call.</summary>
public enum FindingKind
{
    /// <summary>Within them.</summary>
    Within,

    /// <summary>Outside: somebody should look.</summary>
    Outside,

    /// <summary>Cannot be told from what is stored.</summary>
    Unknown,
}

/// <summary>Something computed that an officer wants to know beside the list. It decides nothing.</summary>
/// <param name="Kind">How it stands to the rules.</param>
/// <param name="Sentence">What was found and what the rule is.</param>
public sealed record Finding(FindingKind Kind, string Sentence);

/// <summary>What can be computed of an application. Never an answer to an item: an officer gives that.</summary>
public static class Findings
{
    /// <summary>The findings, in the reader's language.</summary>
    public static async Task<IReadOnlyList<Finding>> Of(ApplicationsDb db, Application application, CallNow found, Dossier dossier, PageContext page, CancellationToken ct)
    {
        var call = found.Definition;
        var findings = new List<Finding> { InTime(application, found, page) };
        findings.Add(dossier.Language is not { } language
            ? new(FindingKind.Unknown, Say("language.unknown", Names(call.Languages)))
            : new(call.Languages.Contains(language) ? FindingKind.Within : FindingKind.Outside, Say("language", CallWords.LanguageName(language), Names(call.Languages))));

        var lot = call.Lots.FirstOrDefault(lot => lot.Id == dossier.Lot) ?? call.Lots[0];
        findings.Add(new(
            application.RequestedMinor >= lot.MinGrantMinor && application.RequestedMinor <= lot.MaxGrantMinor && application.Currency == call.Currency ? FindingKind.Within : FindingKind.Outside,
            Say("amount", new Money(application.RequestedMinor, application.Currency), new Money(lot.MinGrantMinor, call.Currency), new Money(lot.MaxGrantMinor, call.Currency))));
        findings.Add(new(
            dossier.DurationMonths >= call.Duration.MinMonths && dossier.DurationMonths <= call.Duration.MaxMonths ? FindingKind.Within : FindingKind.Outside,
            Say("months", dossier.DurationMonths, call.Duration.MinMonths, call.Duration.MaxMonths)));
        if (Dates(call, dossier, page) is { } dates) findings.Add(dates);
        findings.Add(await AsLead(db, application, call.Applicants, page, ct));
        findings.Add(await AsPartner(db, application, call.Applicants, page, ct));
        if (call.Applicants.MinMonthsRegistered > 0) findings.Add(new(FindingKind.Unknown, Say("registered.unknown", call.Applicants.MinMonthsRegistered)));
        if (call.Applicants.MaxYearlyBudgetMinor is { } most) findings.Add(new(FindingKind.Unknown, Say("yearly.unknown", new Money(most, call.Currency), call.Applicants.YearsOfBudget)));
        return findings;

        string Say(string key, params object?[] args) => page.Text<CheckPage>("finding." + key, args);
    }

    static Finding InTime(Application application, CallNow found, PageContext page)
    {
        var at = application.SubmittedAt!.Value;
        return new(
            found.Call.IsOpen(at) ? FindingKind.Within : FindingKind.Outside,
            page.Text<CheckPage>("finding.arrived", ToTheSecond(at, found, page), ToTheSecond(found.Call.ClosesAt, found, page), Platform.Localisation.Dates.City(found.Definition.TimeZone, page.Culture)));
    }

    static Finding? Dates(CallDefinition call, Dossier dossier, PageContext page)
    {
        if (call.Duration is { EarliestStart: "", LatestEnd: "" }) return null;
        var earliest = Day(call.Duration.EarliestStart);
        var latest = Day(call.Duration.LatestEnd);
        if (Day(dossier.StartsOn) is not { } starts) return new(FindingKind.Unknown, page.Text<CheckPage>("finding.dates.unknown", Words(earliest), Words(latest)));
        var ends = starts.AddMonths(dossier.DurationMonths).AddDays(-1);
        return new(
            (earliest is null || starts >= earliest) && (latest is null || ends <= latest) ? FindingKind.Within : FindingKind.Outside,
            page.Text<CheckPage>("finding.dates", starts, ends, Words(earliest), Words(latest)));

        string Words(DateOnly? day) => day is { } found ? Platform.Localisation.Dates.Day(found, page.Culture) : page.Text<CheckPage>("finding.anyDay");
    }

    // Order of arrival matters where those submitted later are out.
    static async Task<Finding> AsLead(ApplicationsDb db, Application application, ApplicantRules rules, PageContext page, CancellationToken ct)
    {
        var all = await db.Applications.AsNoTracking()
            .Where(other => other.CallId == application.CallId && other.OrganisationId == application.OrganisationId && other.State != ApplicationState.Draft && other.State != ApplicationState.Withdrawn)
            .OrderBy(other => other.SubmittedAt).ThenBy(other => other.Reference).Select(other => other.Reference!).ToListAsync(ct);
        if (all.Count <= rules.MaxAsLead) return new(FindingKind.Within, page.Text<CheckPage>("finding.lead", all.Count, rules.MaxAsLead));
        return new(
            FindingKind.Outside,
            page.Text<CheckPage>("finding.lead.tooMany", all.Count, rules.MaxAsLead, string.Join(", ", all), page.Text<CheckPage>($"finding.tooMany.{rules.TooMany}")));
    }

    // Only what was submitted counts; who declined takes no part.
    static async Task<Finding> AsPartner(ApplicationsDb db, Application application, ApplicantRules rules, PageContext page, CancellationToken ct)
    {
        var all = await db.Partners.AsNoTracking().Where(partner => partner.OrganisationId == application.OrganisationId && partner.State != PartnerState.Declined)
            .Join(
                db.Applications.Where(other => other.CallId == application.CallId && other.State != ApplicationState.Draft && other.State != ApplicationState.Withdrawn),
                partner => partner.ApplicationId, other => other.Id, (_, other) => other)
            .OrderBy(other => other.SubmittedAt).ThenBy(other => other.Reference).Select(other => other.Reference!).ToListAsync(ct);
        if (all.Count <= rules.MaxAsPartner) return new(FindingKind.Within, page.Text<CheckPage>("finding.partner", all.Count, rules.MaxAsPartner));
        return new(
            FindingKind.Outside,
            page.Text<CheckPage>("finding.partner.tooMany", all.Count, rules.MaxAsPartner, string.Join(", ", all), page.Text<CheckPage>($"finding.tooMany.{rules.TooMany}")));
    }

    static string ToTheSecond(DateTimeOffset at, CallNow found, PageContext page)
    {
        var local = Platform.Localisation.Dates.In(at, found.Definition.TimeZone);
        return $"{Platform.Localisation.Dates.ShortDay(DateOnly.FromDateTime(local), page.Culture)} {local.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}";
    }

    static DateOnly? Day(string day) => DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var found) ? found : null;

    static string Names(IEnumerable<string> languages) => string.Join(", ", languages.Select(CallWords.LanguageName));
}
