using Grants.Platform.Messaging;
using Grants.Platform.Ui;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Platform.Operations;

/// <summary>GET /operations/{service}/letters/{id}: one message that could not be handled, why, and what can be done about it.</summary>
static class ShowDeadLetter
{
    public static async Task<IResult> Handle(ServiceInView view, Guid id, string? failed, CancellationToken ct) =>
        await FindAsync(view, id, ct) is { } letter ? Pages.Show<DeadLetterPage>(new { Service = view.Name, Letter = letter, Failed = failed is not null }) : Pages.NotFound();

    public static Task<DeadLetter?> FindAsync(ServiceInView view, Guid id, CancellationToken ct) =>
        view.Db.Set<DeadLetter>().AsNoTracking().SingleOrDefaultAsync(letter => letter.Id == id, ct);
}
