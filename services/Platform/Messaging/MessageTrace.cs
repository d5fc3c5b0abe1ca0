using System.Diagnostics;
using Grants.Contracts;
using Grants.Platform.Hosting;

namespace Grants.Platform.Messaging;

/// <summary>
/// Carries the trace of whoever published to whoever handles. Our own headers besides MassTransit's: its header is written only from a span that is
/// recorded, and a request that is not sampled must keep its trace id in the logs all the same.
/// </summary>
static class MessageTrace
{
    public const string ParentHeader = "grants-traceparent";
    public const string StateHeader = "grants-tracestate";

    /// <summary>Starts a span under a stored parent; one that nobody records, but that still carries the trace id, if nothing listens.</summary>
    public static Activity? Start(string name, ActivityKind kind, string? parent, string? state, IEvent message)
    {
        Activity? activity;
        if (ActivityContext.TryParse(parent, state, isRemote: true, out var context))
        {
            // What is current is used only if it belongs to the trace: MassTransit starts a new one when its header is absent.
            var current = Activity.Current;
            var under = current is not null && current.TraceId == context.TraceId ? current.Context : context;
            activity = Tracing.Source.StartActivity(name, kind, under);
            if (activity is null)
            {
                activity = new Activity(name).SetParentId(under.TraceId, under.SpanId, under.TraceFlags);
                activity.TraceStateString = state;
                activity.Start();
            }
        }
        else
        {
            activity = Tracing.Source.StartActivity(name, kind);
        }

        if (message is IApplicationEvent application) Tracing.Mark(application.ApplicationId);
        return activity;
    }
}
