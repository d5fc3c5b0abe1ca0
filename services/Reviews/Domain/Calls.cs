using System.Security.Cryptography;
using System.Text;

namespace Grants.Reviews.Domain;

/// <summary>A call this service heard of.</summary>
public sealed class CallRecord
{
    /// <summary>The call.</summary>
    public Guid Id { get; init; }

    /// <summary>Number of the newest definition that arrived; 0 when only the closing did.</summary>
    public int NewestVersion { get; set; }

    /// <summary>Programme code.</summary>
    public string Programme { get; set; } = "";

    /// <summary>When it closed; null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; set; }
}

/// <summary>A version of a call's definition, as it was published. Never changed.</summary>
public sealed class CallVersion
{
    /// <summary>The call.</summary>
    public Guid CallId { get; init; }

    /// <summary>Number of the version.</summary>
    public int Version { get; init; }

    /// <summary>The definition as canonical JSON.</summary>
    public string Definition { get; init; } = "";

    /// <summary>Its hash.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>When it was published.</summary>
    public DateTimeOffset PublishedAt { get; init; }

    /// <summary>Whether the definition is the one that its hash names.</summary>
    public static bool Matches(string definition, string sha256) =>
        string.Equals(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(definition))), sha256, StringComparison.Ordinal);
}

/// <summary>What a lot of a call may award and has awarded. The database refuses a sum above the budget.</summary>
public sealed class LotBudget
{
    /// <summary>The call.</summary>
    public Guid CallId { get; init; }

    /// <summary>The lot's id in the definition.</summary>
    public string LotId { get; init; } = "";

    /// <summary>ISO 4217 code.</summary>
    public string Currency { get; init; } = "";

    /// <summary>What all its grants together may cost.</summary>
    public long BudgetMinor { get; set; }

    /// <summary>What was awarded so far.</summary>
    public long AwardedMinor { get; set; }
}
