using Grants.Contracts.Reconciliation;
using Grants.Platform.Reconciliation;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Testing;

/// <summary>What a service publishes to be compared with its neighbours.</summary>
public static class Figures
{
    /// <summary>Moves the clock a month on, so that everything counts, and tells each figure of a call as <c>count amount currency</c>.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> FiguresAsync(this ServiceFixture service, Guid call)
    {
        service.Clock.Advance(TimeSpan.FromDays(30));
        await using var scope = service.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Reconciler>().RunAsync(scope.ServiceProvider);
        var totals = (await service.Events<CallTotals>()).Last(totals => totals.CallId == call);
        return totals.Figures.ToDictionary(figure => figure.Name, figure => $"{figure.Count} {figure.AmountMinor} {figure.Currency}".TrimEnd());
    }
}
