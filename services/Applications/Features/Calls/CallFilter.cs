using Grants.Applications.Domain;
using Grants.Platform;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Calls;

/// <summary>What is looked for among the calls, as it stands in the address. Empty means all.</summary>
/// <param name="Words">Words that occur in the call, in any of its languages and in either script.</param>
/// <param name="Country">Country whose organisations may apply.</param>
/// <param name="Language">Language the call is published in.</param>
/// <param name="Amount">How much somebody needs, as typed, in the call's currency.</param>
/// <param name="Status">Open, coming or closed, in small letters.</param>
public sealed record CallFilter(string Words, string Country, string Language, string Amount, string Status)
{
    /// <summary>The statuses, as they stand in the address.</summary>
    public static readonly IReadOnlyList<(string Value, CallPhase Phase)> Statuses = [("open", CallPhase.Open), ("coming", CallPhase.Coming), ("closed", CallPhase.Closed)];

    /// <summary>Reads the address.</summary>
    public static CallFilter Of(HttpRequest request)
    {
        return new CallFilter(Read("q"), Read("country"), Read("language"), Read("amount"), Read("status"));

        string Read(string name) => PostedForm.Clean(request.Query[name].ToString()).Trim();
    }

    /// <summary>Whether everything is looked for.</summary>
    public bool IsEmpty => this is { Words: "", Country: "", Language: "", Amount: "", Status: "" };

    /// <summary>Countries that can be chosen: those of the calls there are, by name.</summary>
    public static IReadOnlyList<(string Value, string Label)> Countries(IEnumerable<CallNow> calls, PageContext page) =>
        Sorted(calls.SelectMany(call => call.Definition.Countries).Distinct().Select(code => (code, NameOf(code, page))), page);

    /// <summary>Languages that can be chosen: those of the calls there are, by their own names.</summary>
    public static IReadOnlyList<(string Value, string Label)> LanguagesOf(IEnumerable<CallNow> calls, PageContext page) =>
        Sorted(calls.SelectMany(call => call.Definition.Languages).Distinct().Select(code => (code, CallWords.LanguageName(code))), page);

    /// <summary>A country's name; its code when we have no name for it.</summary>
    public static string NameOf(string code, PageContext page) => Organisations.Countries.All.Contains(code) ? Organisations.Countries.Name(code, page) : code;

    /// <summary>Values nobody can look for, each with a sentence. What is wrong is left out when calls are looked for.</summary>
    public FieldErrors Problems(IReadOnlyList<CallNow> calls, PageContext page)
    {
        var errors = new FieldErrors();
        if (Country.Length > 0 && calls.All(call => !call.Definition.Countries.Contains(Country))) errors.Add("country", Say("filter.country.unknown", Country));
        if (Language.Length > 0 && calls.All(call => !call.Definition.Languages.Contains(Language))) errors.Add("language", Say("filter.language.unknown", Language));
        // Any currency of two decimals: which it is depends on the call.
        if (Amount.Length > 0 && !MoneyParser.TryParse(Amount, "EUR", out _, out var problem)) errors.Add("amount", MoneyParser.Sentence(problem, page.Culture));
        if (Status.Length > 0 && Statuses.All(status => status.Value != Status)) errors.Add("status", Say("filter.status.unknown", Status));
        return errors;

        string Say(string key, params object?[] args) => page.Text<ListCallsPage>(key, args);
    }

    /// <summary>Whether a call is looked for.</summary>
    public bool Takes(CallNow call, DateTimeOffset now, FieldErrors problems)
    {
        var definition = call.Definition;
        return (Country.Length == 0 || problems.For("country") is not null || definition.Countries.Contains(Country))
            && (Language.Length == 0 || problems.For("language") is not null || definition.Languages.Contains(Language))
            && (Status.Length == 0 || problems.For("status") is not null || Statuses.Any(status => status.Value == Status && status.Phase == call.Call.PhaseAt(now)))
            && (Amount.Length == 0 || problems.For("amount") is not null || MoneyParser.TryParse(Amount, definition.Currency, out var needed, out _)
                && definition.Lots.Any(lot => lot.MinGrantMinor <= needed.Minor && needed.Minor <= lot.MaxGrantMinor))
            && SearchText.Finds(Words, [.. definition.Title.Values, .. definition.Summary.Values, definition.Funder, definition.Lead, .. definition.Places]);
    }

    static IReadOnlyList<(string, string)> Sorted(IEnumerable<(string Value, string Label)> options, PageContext page) =>
        [.. options.OrderBy(option => option.Label, StringComparer.Create(page.Culture, System.Globalization.CompareOptions.None))];
}
