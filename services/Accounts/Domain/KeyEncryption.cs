namespace Grants.Accounts.Domain;

/// <summary>The key that signing keys are encrypted with, from the setting; without one they are stored as they are.</summary>
public sealed class KeyEncryption
{
    /// <summary>32 random bytes in Base64: <c>openssl rand -base64 32</c>.</summary>
    public const string Setting = "Accounts:KeyEncryptionKey";

    readonly byte[] key;

    KeyEncryption(byte[] key) => this.key = key;

    /// <summary>Whether there is a key.</summary>
    public bool IsOn => key.Length > 0;

    /// <summary>The 256-bit key.</summary>
    public ReadOnlySpan<byte> Key => key;

    /// <summary>Reads the setting.</summary>
    /// <exception cref="InvalidOperationException">It is no 256-bit key.</exception>
    public static KeyEncryption Parse(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting)) return new([]);
        var bytes = new byte[64];
        return Convert.TryFromBase64String(setting, bytes, out var length) && length == 32
            ? new(bytes[..32])
            : throw new InvalidOperationException($"{Setting} must be 32 random bytes in Base64, as 'openssl rand -base64 32' makes them.");
    }
}
