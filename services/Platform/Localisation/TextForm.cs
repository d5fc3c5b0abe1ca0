using System.Text;

namespace Grants.Platform.Localisation;

/// <summary>Text as we store and compare it. Use this and not <see cref="string.Normalize()"/>, which throws at some characters that anybody can post.</summary>
public static class TextForm
{
    // The one character besides halves of surrogate pairs that the runtime refuses to normalise.
    const char Refused = '\uFFFE';

    /// <summary>Composed form (NFC): one letter is one letter, however it was typed. Halves of characters become U+FFFD.</summary>
    public static string Nfc(string text) => In(NormalizationForm.FormC, text);

    /// <summary>Composed form with look-alikes such as full-width letters and ligatures made ordinary (NFKC): for codes, never for what people wrote.</summary>
    public static string Nfkc(string text) => In(NormalizationForm.FormKC, text);

    /// <summary>Letters and their accents apart (NFD): for searching.</summary>
    public static string Decomposed(string text) => In(NormalizationForm.FormD, text);

    static string In(NormalizationForm form, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // Through UTF-8 and back, which puts U+FFFD for every half of a pair.
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return whole.Contains(Refused) ? string.Join(Refused, whole.Split(Refused).Select(part => part.Normalize(form))) : whole.Normalize(form);
    }
}
