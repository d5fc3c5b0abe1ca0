namespace Grants.Notifications.Domain;

public enum MailState
{
    /// <summary>Not sent: no mail server took it yet.</summary>
    Waiting,
}

/// <summary>A mail to one address. Its text is made in its language when it is shown or sent.</summary>
public sealed class Mail
{
    /// <summary>Made by whoever asked for the mail: the same mail is never written twice.</summary>
    public Guid Id { get; init; }

    public string Template { get; init; } = "";

    public string To { get; init; } = "";

    public string Name { get; init; } = "";

    public string Language { get; init; } = "";

    /// <summary>Path with the secret, relative to the public origin.</summary>
    public string Link { get; init; } = "";

    public MailState State { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
