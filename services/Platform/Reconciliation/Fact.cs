using System.Security.Cryptography;
using System.Text;
using Grants.Contracts.Reconciliation;

namespace Grants.Platform.Reconciliation;

/// <summary>One thing that happened in a call, as a service has it in its tables: what figures count.</summary>
public sealed class Fact
{
    /// <summary>The call.</summary>
    public Guid CallId { get; init; }

    /// <summary>The application it happened to.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>When, by the event that told it and not by this service's clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Minor units; 0 where it is not about money.</summary>
    public long AmountMinor { get; init; }

    /// <summary>ISO 4217 code; empty where it is not about money.</summary>
    public string Currency { get; init; } = "";

    /// <summary>What else must be the same everywhere, such as a hash.</summary>
    public string Note { get; init; } = "";
}

/// <summary>Makes figures of facts.</summary>
public static class Totals
{
    /// <summary>The figure of these facts.</summary>
    public static CallFigure Of(string name, IEnumerable<Fact> facts)
    {
        var list = facts.ToList();
        var lines = list.Select(fact => $"{fact.ApplicationId:D} {fact.AmountMinor} {fact.Currency} {fact.Note}\n").Order(StringComparer.Ordinal);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
        // A call has one currency. If it ever had two, their sum would be nonsense; the hash has the amounts of each.
        var currencies = list.Select(fact => fact.Currency).Distinct().ToList();
        return currencies.Count == 1
            ? new CallFigure(name, list.Count, list.Sum(fact => fact.AmountMinor), currencies[0], sha256)
            : new CallFigure(name, list.Count, 0, "", sha256);
    }
}
