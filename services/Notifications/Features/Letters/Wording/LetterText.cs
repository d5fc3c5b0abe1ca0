using System.Security.Cryptography;
using System.Text;
using Grants.Contracts.Calls;
using Grants.Notifications.Domain;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Notifications.Features.Letters.Wording;

/// <summary>A letter as it reads in one language.</summary>
/// <param name="Language">The language.</param>
/// <param name="Heading">Its first line.</param>
/// <param name="Body">Paragraphs, parted by empty lines. Plain text: pages encode it.</param>
public sealed record LetterText(string Language, string Heading, string Body)
{
    /// <summary>The languages every letter is written in. All say the same; the reader chooses.</summary>
    public static readonly IReadOnlyList<string> Languages = ["en", "bs", "mk"];

    public IReadOnlyList<string> Paragraphs => Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

    public string Sha256 => Hash(Heading + "\n\n" + Body);

    /// <summary>Writes a letter in all its languages.</summary>
    public static IReadOnlyList<LetterText> Compose(Letter letter, CallDefinition call) => [.. Languages.Select(language => Compose(letter, call, language))];

    /// <summary>Stands for a letter in all its languages: whoever releases it sends it back, so that nothing goes out that they have not seen.</summary>
    public static string Digest(IEnumerable<LetterText> texts) => Hash(string.Concat(texts.Select(text => text.Sha256)));

    static LetterText Compose(Letter letter, CallDefinition call, string language)
    {
        var kind = letter.Kind == LetterKind.Award ? "award" : "rejection";
        var title = LocalText.Pick(call.Title, language).Text;
        var decidedOn = DateOnly.FromDateTime(Dates.In(letter.DecidedAt, call.TimeZone));
        string[] paragraphs =
        [
            Say("letter.greeting", letter.OrganisationName),
            Say("letter.about", letter.Title, letter.Reference, title),
            letter.Amount is { } amount ? Say($"letter.{kind}.outcome", decidedOn, amount) : Say($"letter.{kind}.outcome", decidedOn),
            Say("letter.reason"),
            letter.Reason,
            Say($"letter.{kind}.next"),
            Say("letter.closing"),
            call.Lead,
        ];
        return new LetterText(language, Say($"letter.{kind}.heading", letter.Reference), string.Join("\n\n", paragraphs));

        string Say(string key, params object?[] args) =>
            Texts.Format(Texts.Find(typeof(LetterText), key, language, strict: true), call.TimeZone, args);
    }

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
