using Microsoft.EntityFrameworkCore;

namespace Grants.Platform.Reconciliation;

/// <summary>The figures of a call that a service published last: this service's own, and those of its neighbours as they arrived.</summary>
public sealed class PublishedTotals
{
    /// <summary>Who published them.</summary>
    public string Service { get; init; } = "";

    /// <summary>The call.</summary>
    public Guid CallId { get; init; }

    /// <summary>Version of the publication.</summary>
    public long Version { get; set; }

    /// <summary>When it was published, UTC.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>What happened before this instant is counted.</summary>
    public DateTimeOffset Until { get; set; }

    /// <summary>The figures as JSON.</summary>
    public string Figures { get; set; } = "[]";
}

/// <summary>
/// A figure that is not the same here and in a neighbour. While messages may be under way it is a suspicion; one that stays becomes an incident, which closes
/// by itself when the figures agree again.
/// </summary>
public sealed class TotalsDifference
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; init; }

    /// <summary>The call.</summary>
    public Guid CallId { get; init; }

    /// <summary>One of <see cref="Contracts.Reconciliation.CallFigures"/>.</summary>
    public string Figure { get; init; } = "";

    /// <summary>The neighbour.</summary>
    public string Neighbour { get; init; } = "";

    /// <summary>How many there are here.</summary>
    public long OurCount { get; set; }

    /// <summary>Their sum here, minor units.</summary>
    public long OurAmountMinor { get; set; }

    /// <summary>How many there are at the neighbour.</summary>
    public long TheirCount { get; set; }

    /// <summary>Their sum at the neighbour, minor units.</summary>
    public long TheirAmountMinor { get; set; }

    /// <summary>ISO 4217 code; empty where the figure is not about money.</summary>
    public string Currency { get; set; } = "";

    /// <summary>When it was seen first, UTC.</summary>
    public DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When it was seen last, UTC.</summary>
    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>In how many comparisons on end it was seen.</summary>
    public int Seen { get; set; }

    /// <summary>When it became an incident, UTC; null while it is a suspicion.</summary>
    public DateTimeOffset? OpenedAt { get; set; }

    /// <summary>When the figures agreed again, UTC; null while they do not.</summary>
    public DateTimeOffset? ClosedAt { get; set; }
}

/// <summary>Whose turn it is: the one row that of several replicas one moves on and so compares.</summary>
public sealed class TotalsTurn
{
    /// <summary>Always 1.</summary>
    public int Id { get; init; }

    /// <summary>No comparison before, UTC, in real time.</summary>
    public DateTimeOffset NextAt { get; set; }

    /// <summary>When figures were compared last, UTC, by the product's clock; null before the first time.</summary>
    public DateTimeOffset? ComparedAt { get; set; }
}

/// <summary>Adds the tables of reconciliation to a service's model.</summary>
static class TotalsModel
{
    public static void Add(ModelBuilder model)
    {
        model.Entity<PublishedTotals>(e =>
        {
            e.ToTable("call_totals");
            e.HasKey(x => new { x.Service, x.CallId });
            e.Property(x => x.Service).HasMaxLength(40);
            e.Property(x => x.Version).IsConcurrencyToken();
        });
        model.Entity<TotalsDifference>(e =>
        {
            e.ToTable("totals_differences");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Figure).HasMaxLength(40);
            e.Property(x => x.Neighbour).HasMaxLength(40);
            e.Property(x => x.Currency).HasMaxLength(3);
            e.HasIndex(x => new { x.CallId, x.Figure, x.Neighbour }).IsUnique().HasFilter("closed_at is null");
        });
        model.Entity<TotalsTurn>(e =>
        {
            e.ToTable("totals_turn");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasData(new TotalsTurn { Id = 1, NextAt = DateTimeOffset.UnixEpoch });
        });
    }
}
