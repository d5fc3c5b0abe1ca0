using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Grants.Accounts.Domain;

/// <summary>
/// A key that tokens are signed with. The newest signs; older ones still check until they are retired, so that a key can be changed while people work.
/// </summary>
public sealed class SigningKey
{
    /// <summary>Key id in the token's header.</summary>
    public string Id { get; init; } = "";

    /// <summary>PKCS#8. Whoever reads this table can make tokens: the database's access rules are what protects it.</summary>
    public byte[] PrivateKey { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when it is not good even for checking.</summary>
    public DateTimeOffset? RetiredAt { get; set; }

    /// <summary>A new P-256 key.</summary>
    public static SigningKey New(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new SigningKey { Id = Guid.CreateVersion7().ToString("N"), PrivateKey = key.ExportPkcs8PrivateKey(), CreatedAt = now };
    }

    /// <summary>The key pair, for signing.</summary>
    public ECDsaSecurityKey ToPrivate()
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(PrivateKey, out _);
        return new ECDsaSecurityKey(key) { KeyId = Id };
    }

    /// <summary>The half that others may see.</summary>
    public ECDsaSecurityKey ToPublic()
    {
        using var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(PrivateKey, out _);
        return new ECDsaSecurityKey(ECDsa.Create(pair.ExportParameters(includePrivateParameters: false))) { KeyId = Id };
    }
}
