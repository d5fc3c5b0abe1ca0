using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Grants.Contracts.Calls;
using Grants.Disbursements.Domain;
using Grants.Platform;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Disbursements.Features.Preparation;

/// <summary>Writes the text of an agreement from the template of a language. The same facts give the same bytes: NFC, lines ended by \n, UTF-8.</summary>
public static partial class AgreementText
{
    /// <summary>Languages there is a template for; the first stands in for all others.</summary>
    public static readonly IReadOnlyList<string> Languages = ["en", "bs"];

    /// <summary>What the text is made of.</summary>
    public sealed record Facts(
        Grant Grant, Organisation Organisation, CallDefinition Definition, BankAccount Account, Money Amount, IReadOnlyList<Money> Instalments, int ApprovalsNeeded,
        DateTimeOffset OfferedAt);

    /// <summary>The language of the grantee, or the one that stands in for it.</summary>
    public static string LanguageFor(BankAccount account) => Languages.Contains(account.Language) ? account.Language : Languages[0];

    public static byte[] Write(Facts facts)
    {
        var language = LanguageFor(facts.Account);
        var culture = Platform.Localisation.Languages.Of(language).Culture;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["number"] = Agreement.NumberOf(facts.Grant.Reference, 1),
            ["date"] = Dates.Day(DateOnly.FromDateTime(Dates.In(facts.OfferedAt, facts.Definition.TimeZone)), culture),
            ["lead"] = facts.Definition.Lead,
            ["funder"] = facts.Definition.Funder,
            ["call"] = In(facts.Definition.Title, language, facts.Definition.Languages),
            ["grantee"] = facts.Organisation.Name,
            ["registration"] = facts.Organisation.RegistrationNumber.Length == 0 ? "-" : facts.Organisation.RegistrationNumber,
            ["town"] = facts.Organisation.Town,
            ["country"] = facts.Organisation.Country,
            ["title"] = facts.Grant.Title,
            ["reference"] = facts.Grant.Reference,
            ["dossier"] = facts.Grant.DossierSha256,
            ["decision"] = facts.Grant.DecisionSha256,
            ["amount"] = MoneyFormat.Format(facts.Amount, culture),
            ["approvals"] = facts.ApprovalsNeeded.ToString(CultureInfo.InvariantCulture),
            ["holder"] = facts.Account.Holder,
            ["iban"] = Iban.Format(facts.Account.Iban),
            ["bank"] = facts.Account.BankName,
            ["bic"] = facts.Account.Bic.Length == 0 ? "-" : facts.Account.Bic,
        };
        foreach (var (name, value) in values) values[name] = PlainLine.Of(value);
        // Several lines on purpose, so after the others were made one line each.
        values["instalments"] = string.Join('\n', facts.Instalments.Select((amount, index) => Line(facts, index, amount, language, culture)));

        // In one pass: braces that somebody typed into a title are never taken for a placeholder.
        var text = Placeholder().Replace(Template(language), match => values[match.Groups[1].Value]);
        return Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal).Normalize(NormalizationForm.FormC));
    }

    static string Line(Facts facts, int index, Money amount, string language, CultureInfo culture)
    {
        var found = Texts.Find(typeof(AgreementText), $"agreement.trigger.{facts.Definition.Instalments[index].Trigger}", language, strict: true);
        return $"{index + 1}. {MoneyFormat.Format(amount, culture)}: {Texts.Format(found, PageContext.DefaultZone)}";
    }

    /// <summary>A text of the call in a language, or in the first of its own.</summary>
    public static string In(Dictionary<string, string> texts, string language, IReadOnlyList<string> languages) =>
        texts.GetValueOrDefault(language) ?? languages.Select(texts.GetValueOrDefault).FirstOrDefault(text => text is not null) ?? texts.Values.FirstOrDefault() ?? "";

    static string Template(string language)
    {
        var name = $"{typeof(AgreementText).Namespace}.AgreementTemplate_{language}.txt";
        using var stream = typeof(AgreementText).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"There is no {name}.");
        return new StreamReader(stream, Encoding.UTF8).ReadToEnd();
    }

    [GeneratedRegex(@"\{([a-z]+)\}")]
    private static partial Regex Placeholder();
}
