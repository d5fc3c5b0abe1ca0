using Grants.Contracts.Reconciliation;
using Grants.Platform.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Reconciliation;

/// <summary>Lets a service take part in the comparison of figures.</summary>
public static class Reconciling
{
    /// <summary>Publishes these figures of the service and compares its neighbours' with them, every minute.</summary>
    /// <typeparam name="TDb">Context of the service.</typeparam>
    /// <typeparam name="THandler">The service's own <see cref="KeepTotals"/>.</typeparam>
    /// <param name="service">The service.</param>
    /// <param name="figures">Names out of <see cref="CallFigures"/>, and queries of what each counts.</param>
    public static ServiceDefinition Reconcile<TDb, THandler>(this ServiceDefinition service, params IReadOnlyList<(string Name, Func<TDb, IQueryable<Fact>> Facts)> figures)
        where TDb : DbContext where THandler : KeepTotals =>
        service.Subscribe<CallTotals, THandler>().With(services =>
        {
            var reconciler = new Reconciler(service, [.. figures.Select(figure => new Figure(figure.Name, db => figure.Facts((TDb)db)))]);
            services.AddSingleton(reconciler);
            services.AddDueLoop($"{service.Name}.reconciliation", reconciler.TickAsync);
        });
}
