using System.Diagnostics;

namespace Grants.Platform.Hosting;

/// <summary>Spans of the product's own. One for each domain action; ids only, no personal data.</summary>
public static class Tracing
{
    /// <summary>Tag that all spans about one application or grant share.</summary>
    public const string LifecycleTag = "grants.application_id";

    /// <summary>
    /// Name of <see cref="Source"/>. A listener compares with this: it is asked while the source is being made, when the field is still empty.
    /// </summary>
    public const string SourceName = "Grants.Platform";

    /// <summary>Source of domain actions and of the messaging of the platform.</summary>
    public static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the span of a domain action about an application, and marks the request it is part of with the lifecycle id.</summary>
    public static Activity? Start(string action, Guid applicationId)
    {
        Mark(applicationId);
        return Source.StartActivity(action)?.SetTag(LifecycleTag, applicationId.ToString());
    }

    /// <summary>Marks the current span and those around it in this process as being about an application.</summary>
    public static void Mark(Guid applicationId)
    {
        for (var span = Activity.Current; span is not null; span = span.Parent) span.SetTag(LifecycleTag, applicationId.ToString());
    }
}
