using System.Text.RegularExpressions;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Platform.Reconciliation;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Grants.Platform.Persistence;

/// <summary>The tables and conventions that are the same in every service.</summary>
public static partial class PlatformModel
{
    /// <summary>Instants become UTC <see cref="DateTime"/> columns in milliseconds: SQLite can neither sort nor compare <see cref="DateTimeOffset"/>.</summary>
    public static void AddConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
        conventions.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
    }

    /// <summary>Adds outbox, inbox, dead letters, audit trail and figures to compare, and names everything in snake case. Call it last.</summary>
    public static void AddTables(ModelBuilder model, string provider)
    {
        model.Entity<OutboxMessage>(e =>
        {
            e.ToTable("outbox_messages");
            e.HasKey(x => x.Seq);
            e.Property(x => x.Seq).ValueGeneratedOnAdd();
            e.HasIndex(x => x.MessageId).IsUnique();
            e.HasIndex(x => new { x.Subject, x.Seq });
            e.Property(x => x.LastError).HasMaxLength(500);
        });
        model.Entity<InboxMessage>(e =>
        {
            e.ToTable("inbox_messages");
            e.HasKey(x => new { x.MessageId, x.Consumer });
            e.Property(x => x.BodyHash).HasMaxLength(32);
            e.HasIndex(x => x.HandledAt);
        });
        model.Entity<DeadLetter>(e =>
        {
            e.ToTable("dead_letters");
            e.HasKey(x => x.Id);
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => new { x.MessageId, x.Consumer }).IsUnique();
        });
        model.Entity<AuditEntry>(e =>
        {
            e.ToTable("audit_entries");
            e.HasKey(x => x.Id);
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => new { x.Subject, x.At });
            e.IsImmutable();
        });
        TotalsModel.Add(model);
        foreach (var entity in model.Model.GetEntityTypes())
        {
            if (entity.IsMappedToJson())
            {
                // One column of its owner; what is in it has names of its own.
                entity.SetContainerColumnName(Snake(entity.GetContainerColumnName()!));
                continue;
            }

            if (entity.GetTableName() is { } table) entity.SetTableName(Snake(table));
            foreach (var property in entity.GetProperties()) property.SetColumnName(Snake(property.GetColumnName()));
        }
    }

    static string Snake(string name) => Boundary().Replace(name, "$1_$2").ToLowerInvariant();

    [GeneratedRegex("([a-z0-9])([A-Z])")]
    private static partial Regex Boundary();

    sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTime>(
        value => AppTime.Cut(value).UtcDateTime,
        value => new DateTimeOffset(DateTime.SpecifyKind(value, DateTimeKind.Utc), TimeSpan.Zero));
}
