using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Grants.Accounts.Domain;

/// <summary>Secrets of sessions and links: 256 random bits. Only their hash is stored, so a copy of the database opens nothing.</summary>
public static class Secret
{
    /// <summary>A new secret, safe in addresses and cookies.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored of it. No salt or slow hash is needed: there is nothing to guess.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
