using System.Security.Cryptography;
using System.Text;
using Grants.Platform.Http;
using Microsoft.IdentityModel.Tokens;

namespace Grants.Accounts.Domain;

/// <summary>
/// A key that tokens are signed with. Every replica reads the same ones. A new one is published before it signs, and the old one checks until its last token has
/// ended, so that keys change while people work.
/// </summary>
public sealed class SigningKey
{
    /// <summary>How long a key signs; how long it is published before, which is more than services keep what they know; how long it checks afterwards.</summary>
    public static readonly TimeSpan Signs = TimeSpan.FromDays(30), PublishedBefore = TimeSpan.FromHours(1), ChecksAfter = Token.Life + Token.ClockSkew + TimeSpan.FromMinutes(10);

    const int NonceSize = 12, TagSize = 16;

    /// <summary>Key id in the token's header.</summary>
    public string Id { get; init; } = "";

    /// <summary>1, 2, 3 ...; unique, so that of two replicas that make the next key at once only one succeeds.</summary>
    public int Number { get; init; }

    /// <summary>PKCS#8; encrypted when <see cref="IsEncrypted"/>. Otherwise whoever reads this table can make tokens, and the database's access rules protect it.</summary>
    public byte[] PrivateKey { get; init; } = [];

    /// <summary>The half that others may see. Kept beside it, so that it can be published by a replica that has not got the key for keys yet.</summary>
    public byte[] PublicKey { get; init; } = [];

    /// <summary>Whether the private key is encrypted (AES-256-GCM, bound to the id) with the key of the setting <see cref="KeyEncryption.Setting"/>.</summary>
    public bool IsEncrypted { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when it signs. Until then it is only published.</summary>
    public DateTimeOffset SignsFrom { get; init; }

    /// <summary>From when it is not good even for checking.</summary>
    public DateTimeOffset? RetiredAt { get; set; }

    /// <summary>A new P-256 key.</summary>
    public static SigningKey New(int number, DateTimeOffset now, DateTimeOffset signsFrom, KeyEncryption encryption)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = Guid.CreateVersion7().ToString("N");
        var plain = key.ExportPkcs8PrivateKey();
        return new SigningKey
        {
            Id = id,
            Number = number,
            PublicKey = key.ExportSubjectPublicKeyInfo(),
            PrivateKey = encryption.IsOn ? Encrypt(plain, id, encryption) : plain,
            IsEncrypted = encryption.IsOn,
            CreatedAt = now,
            SignsFrom = signsFrom,
        };
    }

    /// <summary>The key that signs at an instant: the newest of those that do already.</summary>
    /// <param name="keys">Keys that are not retired.</param>
    /// <param name="now">The instant.</param>
    public static SigningKey? Signing(IEnumerable<SigningKey> keys, DateTimeOffset now) => keys.Where(key => key.SignsFrom <= now).MaxBy(key => key.Number);

    /// <summary>Whether the newest key needs a successor: it has nearly served its time, or lies unprotected although it could be encrypted.</summary>
    public bool NeedsSuccessor(DateTimeOffset now, KeyEncryption encryption) => now >= SignsFrom + Signs - PublishedBefore || (encryption.IsOn && !IsEncrypted);

    /// <summary>The key pair, for signing.</summary>
    /// <exception cref="CryptographicException">It was encrypted with another key than the setting has now.</exception>
    public ECDsaSecurityKey ToPrivate(KeyEncryption encryption)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(IsEncrypted ? Decrypt(PrivateKey, Id, encryption) : PrivateKey, out _);
        return new ECDsaSecurityKey(key) { KeyId = Id };
    }

    /// <summary>The half that others may see.</summary>
    public ECDsaSecurityKey ToPublic()
    {
        var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(PublicKey, out _);
        return new ECDsaSecurityKey(key) { KeyId = Id };
    }

    // Bound to its id: a row cannot be given another row's key.
    static byte[] Encrypt(byte[] plain, string id, KeyEncryption encryption)
    {
        var sealedKey = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(sealedKey.AsSpan(0, NonceSize));
        using var aes = new AesGcm(encryption.Key, TagSize);
        aes.Encrypt(sealedKey.AsSpan(0, NonceSize), plain, sealedKey.AsSpan(NonceSize + TagSize), sealedKey.AsSpan(NonceSize, TagSize), Encoding.ASCII.GetBytes(id));
        return sealedKey;
    }

    static byte[] Decrypt(byte[] sealedKey, string id, KeyEncryption encryption)
    {
        if (!encryption.IsOn) throw new CryptographicException($"The signing keys are encrypted, and {KeyEncryption.Setting} is missing.");
        var plain = new byte[sealedKey.Length - NonceSize - TagSize];
        using var aes = new AesGcm(encryption.Key, TagSize);
        try
        {
            aes.Decrypt(sealedKey.AsSpan(0, NonceSize), sealedKey.AsSpan(NonceSize + TagSize), sealedKey.AsSpan(NonceSize, TagSize), plain, Encoding.ASCII.GetBytes(id));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new CryptographicException($"The signing keys were encrypted with another {KeyEncryption.Setting} than this one.", e);
        }

        return plain;
    }
}
