using Grants.Notifications.Domain;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Notifications.Features.Mails.Wording;

/// <summary>A mail as it reads, in the language of whoever gets it. The link follows the text.</summary>
/// <param name="Language">The language.</param>
/// <param name="Subject">Subject line.</param>
/// <param name="Greeting">First line.</param>
/// <param name="Body">What the link is for, and for how long.</param>
/// <param name="Action">What following the link does: a verb.</param>
public sealed record MailText(string Language, string Subject, string Greeting, string Body, string Action)
{
    /// <summary>The mails there are; each has texts <c>mail.{template}.*</c>.</summary>
    public static readonly IReadOnlyList<string> Templates = ["confirm-email", "invitation", "first-administrator"];

    public static MailText Of(Mail mail)
    {
        var language = Languages.Of(mail.Language).Code;
        return new MailText(language, Say("subject"), Text("mail.greeting", mail.Name), Say("body"), Say("action"));

        string Say(string part) => Text($"mail.{mail.Template}.{part}");

        string Text(string key, params object?[] args) =>
            Texts.Format(Texts.Find(typeof(MailText), key, language, strict: true), PageContext.DefaultZone, args);
    }
}
