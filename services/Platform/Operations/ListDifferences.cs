using Grants.Platform.Reconciliation;
using Grants.Platform.Ui;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Platform.Operations;

/// <summary>GET /operations/{service}/differences: figures that are not the same here and in a neighbour, and the last ones that agree again.</summary>
static class ListDifferences
{
    const int MostClosed = 20;

    public static async Task<IResult> Handle(ServiceInView view, CancellationToken ct)
    {
        var incidents = view.Db.Set<TotalsDifference>().AsNoTracking().Where(difference => difference.OpenedAt != null);
        return Pages.Show<DifferencesPage>(new
        {
            Service = view.Name,
            Open = await incidents.Where(incident => incident.ClosedAt == null).OrderBy(incident => incident.OpenedAt).ToListAsync(ct),
            Closed = await incidents.Where(incident => incident.ClosedAt != null).OrderByDescending(incident => incident.ClosedAt).Take(MostClosed).ToListAsync(ct),
        });
    }
}
