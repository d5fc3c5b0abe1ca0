using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features;

/// <summary>Two people, or two clicks, may change the same thing at once: whoever comes second looks again at how things stand then.</summary>
static class Again
{
    const int Times = 5;

    /// <summary>Runs the action; after a lost race once more with nothing tracked, a few times at most.</summary>
    public static async Task<TResult> IfChangedAsync<TResult>(ReviewsDb db, Func<Task<TResult>> action)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await action();
            }
            catch (DbUpdateException error) when (attempt < Times && (error is DbUpdateConcurrencyException || error.IsUniqueViolation()))
            {
                db.ChangeTracker.Clear();
            }
        }
    }
}
