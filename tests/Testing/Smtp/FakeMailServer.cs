using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Grants.Testing.Smtp;

/// <summary>
/// A mail server of the tests: it speaks SMTP over TCP (RFC 5321), keeps the bytes of what it took, and refuses or hangs up where a test says so.
/// </summary>
public sealed class FakeMailServer : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly ConcurrentQueue<TakenMail> taken = new();

    /// <summary>Starts it on a free port.</summary>
    public FakeMailServer()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>What it took, in order: also what it was asked to hang up after.</summary>
    public IReadOnlyList<TakenMail> Taken => [.. taken];

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Connections so far.</summary>
    public int Connections { get; private set; }

    /// <summary>User and password it was given last, as they came.</summary>
    public string? SignedIn { get; private set; }

    /// <summary>Says something else than yes to a recipient; null for yes.</summary>
    public Func<string, string?> AtRecipient { get; set; } = _ => null;

    /// <summary>Says something else than yes after the text of a mail; null for yes.</summary>
    public Func<TakenMail, string?> AtText { get; set; } = _ => null;

    /// <summary>Whether it hangs up when it has a mail, instead of saying so.</summary>
    public Func<TakenMail, bool> HangsUpAfter { get; set; } = _ => false;

    /// <summary>What it answers when somebody signs in.</summary>
    public string AtSignIn { get; set; } = "235 welcome";

    /// <summary>Settings of a service that sends here, as names and values.</summary>
    public (string, string)[] Settings => [("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{Port}"), ("Smtp:Tls", "none"), ("Smtp:Sender", "Grants <grants@example.org>")];

    /// <inheritdoc />
    public void Dispose() => listener.Dispose();

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                Connections++;
                _ = TalkAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // gone
        }
    }

    async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                // Bytes as they are: Latin-1 keeps each.
                using var reader = new StreamReader(stream, Encoding.Latin1);
                var recipients = new List<string>();
                await SayAsync("220 mail.example.org");
                while (await reader.ReadLineAsync() is { } line)
                {
                    var (verb, rest) = (line.Split(' ', ':')[0].ToUpperInvariant(), line);
                    switch (verb)
                    {
                        case "EHLO":
                            await SayAsync("250-mail.example.org\r\n250-8BITMIME\r\n250 AUTH PLAIN");
                            break;
                        case "AUTH":
                            SignedIn = Encoding.UTF8.GetString(Convert.FromBase64String(rest.Split(' ')[2])).Trim('\0').Replace('\0', ' ');
                            await SayAsync(AtSignIn);
                            break;
                        case "MAIL" or "RSET":
                            recipients.Clear();
                            await SayAsync("250 ok");
                            break;
                        case "RCPT":
                            var address = rest[(rest.IndexOf('<', StringComparison.Ordinal) + 1)..rest.IndexOf('>', StringComparison.Ordinal)];
                            var answer = AtRecipient(address);
                            if (answer is null) recipients.Add(address);
                            await SayAsync(answer ?? "250 ok");
                            break;
                        case "DATA":
                            await SayAsync("354 go on");
                            var mail = new TakenMail([.. recipients], await ReadTextAsync(reader));
                            if (AtText(mail) is { } refused)
                            {
                                await SayAsync(refused);
                                break;
                            }

                            taken.Enqueue(mail);
                            if (HangsUpAfter(mail)) return;
                            await SayAsync("250 taken as 42");
                            break;
                        case "QUIT":
                            await SayAsync("221 bye");
                            return;
                        default:
                            await SayAsync("500 what?");
                            break;
                    }
                }

                async Task SayAsync(string answer) => await stream.WriteAsync(Encoding.ASCII.GetBytes(answer + "\r\n"));
            }
            catch (IOException)
            {
                // whoever sent has hung up
            }
        }
    }

    static async Task<byte[]> ReadTextAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line && line != ".") text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        return Encoding.Latin1.GetBytes(text.ToString());
    }
}

/// <summary>A mail that came.</summary>
/// <param name="Recipients">To whom, as the envelope says.</param>
/// <param name="Bytes">Headers and body as they were sent.</param>
public sealed record TakenMail(IReadOnlyList<string> Recipients, byte[] Bytes)
{
    /// <summary>The bytes, each as a character.</summary>
    public string Source => Encoding.Latin1.GetString(Bytes);

    /// <summary>Its Message-ID.</summary>
    public string MessageId => Source.Split("\r\n").First(line => line.StartsWith("Message-", StringComparison.OrdinalIgnoreCase)).Split(' ', 2)[1];
}
