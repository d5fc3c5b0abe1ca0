using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grants.Contracts.Calls;
using Grants.Contracts.Reviews;
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
    /// <summary>Grows when the words of any template change: kept with each letter that was released.</summary>
    public const int TemplateVersion = 2;

    /// <summary>The languages every letter is written in. All say the same; the reader chooses.</summary>
    public static readonly IReadOnlyList<string> Languages = ["en", "bs", "mk"];

    public IReadOnlyList<string> Paragraphs => Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

    public string Sha256 => Hash(Heading + "\n\n" + Body);

    /// <summary>Writes a letter in all its languages.</summary>
    public static IReadOnlyList<LetterText> Compose(Letter letter, CallDefinition call, bool eligible = true) =>
        [.. Languages.Select(language => Compose(letter, call, TemplateOf(letter, eligible), language))];

    /// <summary>
    /// Which text a letter is made with. What did not pass the check was not judged, which a rejection would suggest. An application whose check has a bad outcome is known
    /// when its letter is read, in whichever order the events came.
    /// </summary>
    public static string TemplateOf(Letter letter, bool eligible) => letter.Kind switch
    {
        LetterKind.Award => letter.FromReserve ? "award-from-reserve" : "award",
        LetterKind.Reserve => "reserve",
        _ => eligible ? "rejection" : "not-eligible",
    };

    /// <summary>Stands for a letter in all its languages: whoever releases it sends it back, so that nothing goes out that they have not seen.</summary>
    public static string Digest(IEnumerable<LetterText> texts) => Hash(string.Concat(texts.Select(text => text.Sha256)));

    static LetterText Compose(Letter letter, CallDefinition call, string template, string language)
    {
        var title = LocalText.Pick(call.Title, language).Text;
        var decidedOn = DateOnly.FromDateTime(Dates.In(letter.DecidedAt, call.TimeZone));
        string[] paragraphs =
        [
            Say("letter.greeting", letter.OrganisationName),
            Say("letter.about", letter.Title, letter.Reference, title),
            Say($"letter.{template}.outcome", decidedOn, letter.Amount is { } amount ? amount : letter.Place),
            Say("letter.reason"),
            letter.Reason,
            .. Findings(),
            .. letter.ContractingFrom is { } from ? [Say("letter.objections", from)] : Array.Empty<string>(),
            Say($"letter.{template}.next"),
            Say("letter.closing"),
            call.Lead,
        ];
        return new LetterText(language, Say($"letter.{template}.heading", letter.Reference), string.Join("\n\n", paragraphs));

        // Scores after aggregation and comments in an order that tells nothing: who scored, how many did, and what each gave is not in the event at all.
        IEnumerable<string> Findings()
        {
            if (letter.Findings is not { } json) yield break;
            var findings = JsonSerializer.Deserialize<Findings>(json, JsonSerializerOptions.Web)!;
            yield return Say("letter.score", Points(findings.ScoreHundredths), Points(findings.MaxHundredths));
            foreach (var section in findings.Sections)
            {
                var label = section.Label.Count > 0 ? LocalText.Pick(section.Label, language).Text : "";
                var score = Say("letter.section", Points(section.ScoreHundredths), Points(section.MaxHundredths));
                yield return string.Join('\n', [label.Length > 0 ? $"{label}: {score}" : score, .. section.Comments.Select(comment => "– " + OneParagraph(comment))]);
            }
        }

        // Whole points without decimals, as the reader's language writes them.
        string Points(int hundredths) => (hundredths / 100m).ToString("#,##0.##", Grants.Platform.Localisation.Languages.Of(language).Culture);

        static string OneParagraph(string text) => string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

        string Say(string key, params object?[] args) =>
            Texts.Format(Texts.Find(typeof(LetterText), key, language, strict: true), call.TimeZone, args);
    }

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
