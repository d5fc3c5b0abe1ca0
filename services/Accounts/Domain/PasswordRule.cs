using System.Globalization;
using System.Text;

namespace Grants.Accounts.Domain;

/// <summary>What is wrong with a new password.</summary>
public enum PasswordProblem
{
    None,
    TooShort,
    TooLong,
    TooCommon,
}

/// <summary>
/// Length and a look at what everybody tries first; no rules about kinds of characters, which make passwords hard for people and not for machines.
/// </summary>
public static class PasswordRule
{
    public const int MinLength = 12, MaxLength = 200;

    // What attackers try first, in the languages of the programmes; compared without case, digits in place of letters, and repeated or counting ends.
    static readonly HashSet<string> CommonWords = new(StringComparer.Ordinal)
    {
        "password", "passwort", "parola", "lozinka", "sifra", "zaporka", "fjalekalimi", "geslo", "qwerty", "qwertz", "qwertyuiop", "qwertzuiop", "asdfghjkl", "yxcvbnm", "zxcvbnm",
        "qazwsxedc", "abc", "abcdef", "abcdefgh", "abcdefghijkl", "letmein", "welcome", "dobrodosli", "admin", "administrator", "iloveyou", "volimte", "monkey", "dragon", "sunshine",
        "princess", "football", "fudbal", "nogomet", "master", "shadow", "superman", "batman", "trustno", "hello", "zdravo", "test", "testtest", "login", "secret", "tajna", "default",
        "changeme", "promijeni", "grants", "grantovi", "grant", "sarajevo", "beograd", "zagreb", "skopje", "pristina", "prishtina", "podgorica", "tirana", "mostar", "banjaluka", "bosna",
        "srbija", "hrvatska", "makedonija", "kosovo", "crnagora", "shqiperia", "ljubav", "partizan", "zvezda", "zeljeznicar", "hajduk", "dinamo", "user", "guest", "root", "pass", "passwordpassword",
        "correcthorsebatterystaple", "januar", "februar", "mart", "april", "maj", "juni", "juli", "august", "septembar", "oktobar", "novembar", "decembar",
    };

    static readonly string[] Runs = ["01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "qazwsxedcrfvtgbyhnujmikolp"];

    /// <summary>Checks a new password of a person.</summary>
    /// <param name="password">As typed.</param>
    /// <param name="name">The person's name, which is no secret.</param>
    /// <param name="email">The person's address, neither.</param>
    public static PasswordProblem Check(string password, string name, string email)
    {
        var length = new StringInfo(password).LengthInTextElements;
        if (length < MinLength) return PasswordProblem.TooShort;
        if (password.Length > MaxLength) return PasswordProblem.TooLong;
        return IsCommon(password, name, email) ? PasswordProblem.TooCommon : PasswordProblem.None;
    }

    static bool IsCommon(string password, string name, string email)
    {
        var plain = Fold(password);
        if (plain.EnumerateRunes().Distinct().Count() < 5) return true; // aaaaaaaaaaaa, abababababab, 121212121212
        var letters = plain.Where(char.IsLetterOrDigit).ToArray();
        var text = new string(letters);
        if (text.Length >= MinLength / 2 && Runs.Any(run => IsMadeOf(text, run))) return true;
        var core = text.Trim("0123456789".ToCharArray());
        if (core.Length == 0) return text.Length < 16; // numbers only: dates and telephone numbers
        var unleeted = Unleet(core);
        if (IsOneWord(core) || IsOneWord(unleeted)) return true;
        // The person's own name or address with a year behind it.
        return Fold(email.Replace('@', '.')).Split('.').Append(Fold(name).Replace(" ", "", StringComparison.Ordinal)).Concat(Fold(name).Split(' '))
            .Any(known => known.Length >= 4 && core.Length - known.Length < 4 && core.Contains(known, StringComparison.Ordinal));
    }

    // The word alone, or repeated.
    static bool IsOneWord(string text) => CommonWords.Any(word => word.Length > 0 && text.Length % word.Length == 0 && string.Concat(Enumerable.Repeat(word, text.Length / word.Length)) == text);

    // A stretch of a row of keys or of the alphabet, perhaps repeated.
    static bool IsMadeOf(string text, string run) =>
        run.Contains(text, StringComparison.Ordinal)
        || Enumerable.Range(3, Math.Max(0, text.Length / 2 - 2)).Any(size => text.Length % size == 0 && run.Contains(text[..size], StringComparison.Ordinal)
            && string.Concat(Enumerable.Repeat(text[..size], text.Length / size)) == text);

    static string Unleet(string text) => string.Concat(text.Select(c => c switch { '0' => 'o', '1' => 'i', '3' => 'e', '4' => 'a', '5' => 's', '7' => 't', _ => c }));

    static string Fold(string text) => string.Concat(text.Normalize(NormalizationForm.FormD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark))
        .Replace('đ', 'd').Replace('Đ', 'd').Replace('@', 'a').Replace('$', 's').ToLowerInvariant();
}
