using Grants.Platform.Messaging;
using Grants.Platform.Ui;
using Microsoft.AspNetCore.Http;

namespace Grants.Platform.Operations;

/// <summary>GET /operations/{service}/letters: the messages that could not be handled and are still open, oldest first.</summary>
static class ListDeadLetters
{
    const int Most = 50;

    public static async Task<IResult> Handle(ServiceInView view, Guid? after, string? done, CancellationToken ct)
    {
        var letters = await DeadLetters.ListAsync(view.Db, after, Most + 1, ct);
        return Pages.Show<DeadLettersPage>(new
        {
            Service = view.Name,
            Letters = (IReadOnlyList<DeadLetter>)[.. letters.Take(Most)],
            IsFirst = after is null,
            HasMore = letters.Count > Most,
            Done = done ?? "",
        });
    }
}
