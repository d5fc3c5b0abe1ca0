using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grants.Platform.Files;

/// <summary>Says who knows which files of an area are needed: the service that writes it.</summary>
/// <param name="Area">One of <see cref="FileArea"/>.</param>
/// <param name="IsReferenced">Whether a row refers to a hash.</param>
public sealed record FileSweep(string Area, Func<IServiceProvider, string, Task<bool>> IsReferenced);

/// <summary>Once an hour of real time deletes what crashes left in the file store: uploads that never ended and files that no row refers to, a day old.</summary>
public sealed partial class FileSweeper(FileStore store, IEnumerable<FileSweep> sweeps, IServiceScopeFactory scopes, ILogger<FileSweeper> logger) : BackgroundService
{
    static readonly TimeSpan Age = TimeSpan.FromDays(1);

    /// <summary>Sweeps once, now.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct = default)
    {
        var deleted = store.SweepIncoming(Age);
        foreach (var sweep in sweeps)
        {
            await using var scope = scopes.CreateAsyncScope();
            deleted += await store.SweepAsync(sweep.Area, Age, sha256 => sweep.IsReferenced(scope.ServiceProvider, sha256), ct);
        }
        if (deleted > 0) Log.Swept(logger, deleted);
        return deleted;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Waits first: nothing is gained by sweeping while the process starts.
                if (!await timer.WaitForNextTickAsync(stoppingToken)) return;
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Count} files that nothing refers to were deleted")]
        public static partial void Swept(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Error, "The file store could not be swept; next try in an hour")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}

/// <summary>Registers the sweeping of areas.</summary>
public static class FileSweeps
{
    /// <summary>Lets orphans of an area be swept; only the service that writes the area may say so.</summary>
    public static IServiceCollection AddFileSweep<TDb>(this IServiceCollection services, string area, Func<TDb, string, Task<bool>> isReferenced) where TDb : notnull =>
        services.AddSingleton(new FileSweep(area, (provider, sha256) => isReferenced(provider.GetRequiredService<TDb>(), sha256)));
}
