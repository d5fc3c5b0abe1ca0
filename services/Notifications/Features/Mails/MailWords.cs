using Grants.Notifications.Domain;
using Grants.Platform.Ui;

namespace Grants.Notifications.Features.Mails;

/// <summary>Ends of text keys, and colours, of where mails stand.</summary>
static class MailWords
{
    public static string Key(MailState state) => state switch
    {
        MailState.Waiting => "waiting",
        MailState.Sent => "sent",
        MailState.Refused => "refused",
        MailState.GivenUp => "given-up",
        _ => "not-needed",
    };

    public static TagColour Colour(MailState state) => state switch
    {
        MailState.Waiting => TagColour.Waiting,
        MailState.Sent => TagColour.Done,
        MailState.Refused or MailState.GivenUp => TagColour.Error,
        _ => TagColour.Neutral,
    };
}
