using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Platform.Operations;

/// <summary>What people call a service.</summary>
static class ServiceName
{
    /// <summary>Its name in the reader's language; one that is not in the list of routes keeps its own.</summary>
    public static string Of(string service, PageContext context) =>
        Routes.Prefixes.Values.Contains(service) ? context.Text(typeof(ServiceName), "service." + service) : service;
}
