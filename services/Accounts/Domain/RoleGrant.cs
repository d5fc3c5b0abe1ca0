
namespace Grants.Accounts.Domain;

/// <summary>A role somebody holds or held, where, and who gave it why.</summary>
public sealed class RoleGrant
{
    public Guid Id { get; init; }

    public Guid PersonId { get; init; }

    /// <summary>A code of <see cref="Platform.Http.Role"/>.</summary>
    public string Role { get; init; } = "";

    /// <summary>Where it holds; see <see cref="RoleScope"/>.</summary>
    public string Scope { get; init; } = "";

    public DateTimeOffset GrantedAt { get; init; }

    /// <summary>Empty when the system itself granted it.</summary>
    public Guid GrantedBy { get; init; }

    public string Reason { get; init; } = "";

    public DateTimeOffset? RevokedAt { get; private set; }

    public Guid? RevokedBy { get; private set; }

    public string? RevokedReason { get; private set; }

    public bool Holds => RevokedAt is null;

    /// <summary>Takes the role back.</summary>
    public void Revoke(Guid by, string reason, DateTimeOffset now)
    {
        if (!Holds) throw new InvalidOperationException("The role was taken back before.");
        RevokedAt = now;
        RevokedBy = by;
        RevokedReason = reason;
    }
}

/// <summary>Where a role holds: everywhere, in a programme, a call or a country.</summary>
public static class RoleScope
{
    public const string Everywhere = "everywhere", Programme = "programme", Call = "call", Country = "country";

    public const int MaxLength = 80;

    /// <summary>The scope's code from what an administrator chose and typed; null when it cannot be one.</summary>
    public static string? Make(string kind, string value)
    {
        value = value.Trim();
        return kind switch
        {
            Everywhere => "*",
            Programme when value.Length is > 0 and <= 40 && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') => $"programme:{value.ToUpperInvariant()}",
            Call when Guid.TryParse(value, out var id) => $"call:{id}",
            Country when value.Length == 2 && value.All(char.IsAsciiLetter) => $"country:{value.ToUpperInvariant()}",
            _ => null,
        };
    }

    /// <summary>Kind and value of a code, for pages.</summary>
    public static (string Kind, string Value) Split(string scope)
    {
        if (scope == "*") return (Everywhere, "");
        var parts = scope.Split(':', 2);
        return parts.Length == 2 ? (parts[0], parts[1]) : (scope, "");
    }
}
