using MailKit.Security;
using MimeKit;

namespace Grants.Notifications.Features.Mails;

/// <summary>The mail server that the settings <c>Smtp:*</c> name.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">Its port.</param>
/// <param name="Security">How the line is kept secret.</param>
/// <param name="Sender">Whose mails they are.</param>
/// <param name="User">Who signs in there; null where nobody does.</param>
/// <param name="Password">The password that goes with it.</param>
public sealed record MailServer(string Host, int Port, SecureSocketOptions Security, MailboxAddress Sender, string? User, string? Password)
{
    /// <summary>Reads the settings. Null when none is named: mails are written then, and wait.</summary>
    /// <exception cref="InvalidOperationException">A setting cannot be used; the message says which and why.</exception>
    public static MailServer? From(IConfiguration configuration)
    {
        if (configuration["Smtp:Host"] is not { Length: > 0 } host) return null;
        var tls = Value("Tls") ?? "starttls";
        var security = tls switch
        {
            "starttls" => SecureSocketOptions.StartTls,
            "tls" => SecureSocketOptions.SslOnConnect,
            "none" => SecureSocketOptions.None,
            _ => throw Wrong("Tls", $"is '{tls}'; it must be starttls, tls or none"),
        };
        var port = security == SecureSocketOptions.SslOnConnect ? 465 : 587;
        if (Value("Port") is { } given && (!int.TryParse(given, out port) || port is < 1 or > 65535)) throw Wrong("Port", $"is '{given}'; it must be a number from 1 to 65535");
        if (!MailboxAddress.TryParse(Value("Sender") ?? "", out var sender) || !sender.Address.Contains('@', StringComparison.Ordinal)) throw Wrong("Sender", "must be the address mails come from, such as Grants <grants@example.org>");
        var (user, password) = (Value("User"), Value("Password"));
        if (user is null != password is null) throw Wrong("User", "and Smtp:Password belong together; one of them is missing");
        if (user is not null && security == SecureSocketOptions.None && host is not ("localhost" or "127.0.0.1" or "::1"))
            throw Wrong("Tls", "is none, which would send Smtp:Password readable over the network");
        return new MailServer(host, port, security, sender, user, password);

        string? Value(string name) => configuration[$"Smtp:{name}"] is { Length: > 0 } value ? value : null;

        static InvalidOperationException Wrong(string name, string why) => new($"Smtp:{name} {why}.");
    }
}

/// <summary>Whether mails can be sent from here, for pages.</summary>
/// <param name="Server">The mail server; null where none is named.</param>
public sealed record MailSettings(MailServer? Server)
{
    public bool CanSend => Server is not null;
}
