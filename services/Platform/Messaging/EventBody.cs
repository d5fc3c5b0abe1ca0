using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grants.Contracts;

namespace Grants.Platform.Messaging;

/// <summary>What an inbox remembers of a message's content, to tell a repetition from another message under the same id.</summary>
public static class EventBody
{
    /// <summary>Header with the hash of the body as it was enqueued: the same at every attempt, whatever the transport wraps around it.</summary>
    public const string HashHeader = "grants-body-sha256";

    /// <summary>The longest body that a handler is given, in bytes, with the transport's envelope. Events hold ids and figures; documents never travel.</summary>
    public const int MostBytes = 1 << 20;

    // What the transport wraps around it: addresses, ids, headers.
    const int Envelope = 16 * 1024;

    /// <summary>Whether handlers would be given it. What is published and does not fit is never read by anybody.</summary>
    public static bool Fits(IEvent message) => JsonSerializer.SerializeToUtf8Bytes(message, message.GetType(), MessageJson.Options).Length <= MostBytes - Envelope;

    /// <summary>The first half of SHA-256, as hexadecimal digits.</summary>
    public static string Hash(string body) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body)).AsSpan(0, 16));

    /// <summary>Whether it could be one: the inbox has room for no other.</summary>
    public static bool IsHash(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigit);
}
