using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Grants.Disbursements.Tests;

/// <summary>Lets the database fail once, before the step that is asked for: a command or the commit. What is not committed then is rolled back, as by a crash.</summary>
sealed class Faults : DbCommandInterceptor, IDbTransactionInterceptor
{
    int left = -1;

    /// <summary>Set where the service's jobs begin, and only there: they are left alone, or they would meet a fault that was meant for a step.</summary>
    public static readonly AsyncLocal<bool> InJob = new();

    /// <summary>Whether it has failed since it was armed.</summary>
    public bool Fired { get; private set; }

    /// <summary>Fails before the step with this number, counted from 0 from now on; below 0 never.</summary>
    public void Arm(int step) => (left, Fired) = (step, false);

    /// <summary>Fails no more; <see cref="Fired"/> stays.</summary>
    public void Stop() => left = -1;

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) => ValueTask.FromResult(Pass(result));

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) => ValueTask.FromResult(Pass(result));

    public ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) => ValueTask.FromResult(Pass(result));

    T Pass<T>(T result)
    {
        if (InJob.Value || left < 0 || left-- > 0) return result;
        Fired = true;
        throw new InvalidOperationException("The test lets the database fail here.");
    }
}
