using System.Globalization;
using System.Resources;

namespace Grants.Platform;

/// <summary>What is wrong with a typed amount. Each has one sentence in the languages of the pages: <see cref="MoneyParser.Sentence"/>.</summary>
public enum MoneyProblem
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>Nothing was typed.</summary>
    Empty,

    /// <summary>Letters, signs or separators that make no number.</summary>
    NotANumber,

    /// <summary>Below zero.</summary>
    Negative,

    /// <summary><c>1.234</c> or <c>1,234</c>: thousands for some readers, decimals for others. We ask instead of guessing.</summary>
    Ambiguous,

    /// <summary>Other decimals than the currency has: <c>1234,5</c>.</summary>
    Decimals,

    /// <summary>More than the platform counts.</summary>
    TooLarge,
}

/// <summary>
/// Reads an amount as people of the region type it: point or comma before the decimals, the other one or spaces between thousands. It never guesses:
/// the culture's own parser would read 1234.56 as 123456 in half of our languages.
/// </summary>
public static class MoneyParser
{
    /// <summary>Largest amount in whole units. Far below what a long holds, so that sums over a programme cannot overflow.</summary>
    public const long LargestMajor = 999_999_999_999;

    const int LongestInput = 60;

    static readonly ResourceManager Texts = new("Grants.Platform.Money.Texts", typeof(MoneyParser).Assembly);

    /// <summary>Reads what was typed. The amount must have no decimals or exactly those of the currency.</summary>
    /// <returns>True when <paramref name="amount"/> is meant beyond doubt; otherwise <paramref name="problem"/> says what to tell.</returns>
    public static bool TryParse(string? typed, string currency, out Money amount, out MoneyProblem problem)
    {
        amount = Money.Zero(currency);
        problem = Read(typed, Currencies.Decimals(currency), out var whole, out var decimals);
        if (problem != MoneyProblem.None) return false;

        var significant = whole.TrimStart('0');
        if (significant.Length > 12)
        {
            problem = MoneyProblem.TooLarge;
            return false;
        }
        var major = significant.Length == 0 ? 0 : long.Parse(significant, NumberStyles.None, CultureInfo.InvariantCulture);
        var minor = decimals.Length == 0 ? 0 : long.Parse(decimals, NumberStyles.None, CultureInfo.InvariantCulture);
        amount = new Money(major * Currencies.MinorPerMajor(currency) + minor, currency);
        return true;
    }

    /// <summary>The sentence that tells how to write the amount; empty when nothing is wrong.</summary>
    public static string Sentence(MoneyProblem problem, CultureInfo culture) =>
        problem == MoneyProblem.None ? "" : Texts.GetString($"{nameof(MoneyProblem)}.{problem}", culture) ?? throw new MissingManifestResourceException($"{problem}");

    static MoneyProblem Read(string? typed, int places, out string whole, out string decimals)
    {
        (whole, decimals) = ("", "");
        var text = typed?.Trim() ?? "";
        if (text.Length == 0) return MoneyProblem.Empty;
        if (text.Length > LongestInput) return text.All(char.IsAsciiDigit) ? MoneyProblem.TooLarge : MoneyProblem.NotANumber;
        var negative = text[0] is '-' or '\u2212' or '\u2013';
        if (negative) text = text[1..].TrimStart();
        text = string.Concat(text.Select(letter => IsSpace(letter) ? ' ' : letter));
        if (text.Length == 0 || !char.IsAsciiDigit(text[0]) || !char.IsAsciiDigit(text[^1])) return MoneyProblem.NotANumber;
        if (text.Any(letter => !char.IsAsciiDigit(letter) && letter is not (' ' or '.' or ','))) return MoneyProblem.NotANumber;

        var separators = text.Where(letter => !char.IsAsciiDigit(letter)).Distinct().ToArray();
        var last = text.LastIndexOfAny(['.', ',']);
        // The last point or comma begins the decimals, unless it stands more than once: then it can only part thousands.
        var decimalAt = last >= 0 && text.IndexOf(text[last]) == last ? last : -1;
        var grouped = decimalAt < 0 ? text : text[..decimalAt];
        var groupSeparators = grouped.Where(letter => !char.IsAsciiDigit(letter)).Distinct().ToArray();
        if (groupSeparators.Length > 1) return MoneyProblem.NotANumber;

        var groups = groupSeparators.Length == 0 ? [grouped] : grouped.Split(groupSeparators[0]);
        if (groups.Length > 1 && (groups[0].Length is 0 or > 3 || groups.Skip(1).Any(group => group.Length != 3))) return MoneyProblem.NotANumber;
        if (decimalAt >= 0)
        {
            decimals = text[(decimalAt + 1)..];
            if (!decimals.All(char.IsAsciiDigit)) return MoneyProblem.NotANumber;
            if (decimals.Length == 3 && separators.Length == 1 && grouped.Length <= 3 && grouped[0] != '0') return MoneyProblem.Ambiguous;
            if (decimals.Length != places) return MoneyProblem.Decimals;
        }
        whole = string.Concat(groups);
        return negative ? MoneyProblem.Negative : MoneyProblem.None;
    }

    // Ordinary, no-break, thin and narrow no-break spaces: what number formats and spreadsheets of the region put between thousands.
    static bool IsSpace(char letter) => letter is ' ' or '\t' or '\u00A0' or '\u2009' or '\u202F';
}
