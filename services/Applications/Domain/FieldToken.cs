using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Grants.Applications.Domain;

/// <summary>
/// What a page knows of a field it shows: its version and a short hash of the text. Posted back, it tells two things apart that a version alone cannot:
/// "I changed a text that somebody else has changed too" (a conflict) and "I did not touch this field; my page is only older" (nothing to do).
/// </summary>
/// <param name="Version">Version of the field shown; 0 when it had never been saved.</param>
/// <param name="Hash">First sixteen hex digits of the SHA-256 of the text shown.</param>
public readonly record struct FieldToken(long Version, string Hash)
{
    /// <summary>The token of a stored field.</summary>
    public static FieldToken Of(long version, string value) => new(version, HashOf(value));

    /// <summary>Reads a posted token; nonsense reads as "never saved".</summary>
    public static FieldToken Parse(string posted)
    {
        var parts = posted.Split('.', 2);
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? new(version, parts[1]) : Of(0, "");
    }

    /// <summary>Whether this is the text that was shown.</summary>
    public bool Shows(string value) => Hash == HashOf(value);

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}.{Hash}");

    static string HashOf(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))[..16];
}

/// <summary>What becomes of a typed value when it meets the stored one.</summary>
public enum SaveOutcome
{
    /// <summary>The writer did not change it, or it is what is stored already.</summary>
    Nothing,

    /// <summary>It is stored.</summary>
    Saved,

    /// <summary>Somebody else changed the field meanwhile: both texts are shown, nothing is overwritten.</summary>
    Conflict,
}

/// <summary>The rule of saving one field.</summary>
public static class FieldSaving
{
    /// <summary>Decides what becomes of a typed value.</summary>
    /// <param name="shown">What the writer's page knew.</param>
    /// <param name="storedVersion">Version stored now; 0 when none.</param>
    /// <param name="stored">Text stored now.</param>
    /// <param name="typed">Text posted.</param>
    public static SaveOutcome Decide(FieldToken shown, long storedVersion, string stored, string typed) =>
        string.Equals(typed, stored, StringComparison.Ordinal) || shown.Shows(typed) ? SaveOutcome.Nothing
        : shown.Version == storedVersion ? SaveOutcome.Saved
        : SaveOutcome.Conflict;
}
