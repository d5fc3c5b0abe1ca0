using System.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace Grants.Platform.Persistence;

/// <summary>One line of the append-only trail: who did what to which thing, when and why. Triggers refuse to change or delete it.</summary>
public sealed class AuditEntry
{
    /// <summary>UUIDv7 of the entry.</summary>
    public Guid Id { get; init; }

    /// <summary>When, UTC.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The person who acted; empty for the system itself.</summary>
    public Guid PersonId { get; init; }

    /// <summary>What was done, such as <c>application.submitted</c>.</summary>
    public string Action { get; init; } = "";

    /// <summary>Id of the thing.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The reason given, if one was.</summary>
    public string? Reason { get; init; }

    /// <summary>Trace the action belongs to.</summary>
    public string? TraceId { get; init; }
}

/// <summary>Writing the trail.</summary>
public static class Auditing
{
    /// <summary>Adds an entry in the same transaction as the change it tells of.</summary>
    public static void Audit(this DbContext db, DateTimeOffset at, Guid personId, string action, Guid subject, string? reason = null) =>
        db.Set<AuditEntry>().Add(new AuditEntry
        {
            Id = Guid.CreateVersion7(),
            At = at,
            PersonId = personId,
            Action = action,
            Subject = subject.ToString(),
            Reason = reason,
            TraceId = Activity.Current?.TraceId.ToString(),
        });
}
