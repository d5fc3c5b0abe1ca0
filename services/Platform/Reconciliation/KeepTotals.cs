using System.Text.Json;
using Grants.Contracts.Reconciliation;
using Grants.Platform.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Grants.Platform.Reconciliation;

/// <summary>
/// Keeps the newest figures of each neighbour for the next comparison. Each service has its own handler made of this, since queues are named after handlers.
/// What the service published itself comes back to it and finds itself known.
/// </summary>
public abstract class KeepTotals(DbContext db) : IHandle<CallTotals>
{
    /// <inheritdoc />
    public async Task Handle(CallTotals message, CancellationToken ct)
    {
        var held = await db.Set<PublishedTotals>().FindAsync([message.Service, message.CallId], ct);
        if (held is null) db.Add(held = new PublishedTotals { Service = message.Service, CallId = message.CallId });
        else if (message.SubjectVersion <= held.Version) return;
        (held.Version, held.At, held.Until, held.Figures) = (message.SubjectVersion, message.At, message.Until, Write(message.Figures));
    }

    internal static string Write(IReadOnlyList<CallFigure> figures) => JsonSerializer.Serialize(figures, MessageJson.Options);

    internal static IReadOnlyList<CallFigure> Read(string figures) => JsonSerializer.Deserialize<List<CallFigure>>(figures, MessageJson.Options)!;
}
