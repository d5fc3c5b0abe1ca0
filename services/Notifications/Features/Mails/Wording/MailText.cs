using System.Text.Encodings.Web;
using System.Text.Unicode;
using Grants.Notifications.Domain;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Notifications.Features.Mails.Wording;

/// <summary>A mail as it reads, in the language of whoever gets it. The link follows the text.</summary>
/// <param name="Language">The language.</param>
/// <param name="Subject">Subject line.</param>
/// <param name="Greeting">First line.</param>
/// <param name="Body">What happened, or what the link is for.</param>
/// <param name="Action">What following the link does: a verb.</param>
/// <param name="Footer">Where it comes from.</param>
public sealed record MailText(string Language, string Subject, string Greeting, string Body, string Action, string Footer)
{
    /// <summary>The mails with a secret link; each has texts <c>mail.{template}.*</c>.</summary>
    public static readonly IReadOnlyList<string> WithSecret = ["confirm-email", "invitation", "first-administrator"];

    /// <summary>All mails there are.</summary>
    public static readonly IReadOnlyList<string> Templates = [.. WithSecret, .. ItemTemplate.Mailed];

    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Writes a mail. Texts may name the reference {0}, the project {1}, the call {2}, and what the item's sentence is filled with from {3}.</summary>
    public static MailText Of(Mail mail, MailAbout about)
    {
        var language = Languages.Of(mail.Language).Code;
        var zone = about.Call?.TimeZone ?? PageContext.DefaultZone;
        object?[] facts = [about.Reference, about.Title, about.Call is { } call ? LocalText.Pick(call.Title, language).Text : "", .. Argument.Read(mail.Arguments)];
        return new MailText(language, Say("subject"), Text("mail.greeting", mail.Name), Say("body"), Say("action"), Text("mail.footer"));

        string Say(string part) => Text($"mail.{mail.Template}.{part}", facts);

        string Text(string key, params object?[] args) => Texts.Format(Texts.Find(typeof(MailText), key, language, strict: true), zone, args);
    }

    public string Plain(string address) => $"{Greeting}\n\n{Body}\n\n{Action}:\n{address}\n\n-- \n{Footer}\n";

    /// <summary>The same for readers of HTML: no picture, nothing that is fetched, so that opening it tells nobody.</summary>
    public string Html(string address) =>
        $"""
        <!DOCTYPE html>
        <html lang="{Language}"><head><meta charset="utf-8"><title>{Encoder.Encode(Subject)}</title></head><body>
        <p>{Encoder.Encode(Greeting)}</p>
        <p>{Encoder.Encode(Body)}</p>
        <p><a href="{Encoder.Encode(address)}">{Encoder.Encode(Action)}</a></p>
        <p>{Encoder.Encode(Footer)}</p>
        </body></html>
        """;
}
