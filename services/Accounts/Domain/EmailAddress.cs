using System.Text;

namespace Grants.Accounts.Domain;

/// <summary>An address as it was typed, and the form it is compared in.</summary>
public sealed record EmailAddress
{
    public const int MaxLength = 254;

    EmailAddress(string value) => Value = value;

    /// <summary>As typed, without outer spaces.</summary>
    public string Value { get; }

    /// <summary>What makes two addresses the same. Case is ignored, since no mail service of our time tells addresses apart by it.</summary>
    public string Key => Value.ToUpperInvariant();

    /// <summary>Reads an address; null when it cannot be one. Whether it works, only a mail to it can tell.</summary>
    public static EmailAddress? Parse(string typed)
    {
        var value = typed.Trim().Normalize(NormalizationForm.FormC);
        var at = value.LastIndexOf('@');
        if (value.Length > MaxLength || at < 1 || at > 64 || at == value.Length - 1) return null;
        if (value.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or '"' or ',' or ';' or ':' or '(' or ')' or '[' or ']' or '\\')) return null;
        var domain = value[(at + 1)..];
        return value.IndexOf('@', StringComparison.Ordinal) == at && domain.Contains('.', StringComparison.Ordinal) && domain.Split('.').All(label => label.Length is > 0 and <= 63)
            ? new EmailAddress(value)
            : null;
    }
}
