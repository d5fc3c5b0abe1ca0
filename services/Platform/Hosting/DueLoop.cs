using Grants.Platform.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grants.Platform.Hosting;

/// <summary>
/// Runs work over rows that are due, once a second of real time (the product's clock may jump). Each run has a scope of its own. A failure is followed by one
/// back-off with jitter, at most a minute, and logged once for each.
/// </summary>
public sealed partial class DueLoop(string name, IServiceScopeFactory scopes, ILogger<DueLoop> logger, Func<IServiceProvider, CancellationToken, Task> work)
    : BackgroundService
{
    /// <summary>Runs the work once, now.</summary>
    public async Task RunOnceAsync(CancellationToken ct = default)
    {
        await using var scope = scopes.CreateAsyncScope();
        await work(scope.ServiceProvider, ct);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = TimeSpan.FromSeconds(1);
            try
            {
                await RunOnceAsync(stoppingToken);
                failures = 0;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(++failures, 10)), 60) * (0.9 + 0.2 * Random.Shared.NextDouble()));
                Log.Failed(logger, name, failures, wait.TotalSeconds, e.Message, e.Unexpected());
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(wait, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Job {Job} failed {Failures} times; next try in {Seconds} s: {Reason}")]
        public static partial void Failed(ILogger logger, string job, int failures, double seconds, string reason, Exception? error);
    }
}

/// <summary>Registers time jobs.</summary>
public static class DueLoops
{
    /// <summary>Adds a loop that runs <paramref name="work"/> once a second with a scope's services.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Name in the log, such as <c>applications.closing</c>.</param>
    /// <param name="work">The work: take what is due, do it, save.</param>
    public static IServiceCollection AddDueLoop(this IServiceCollection services, string name, Func<IServiceProvider, CancellationToken, Task> work) =>
        services.AddSingleton<IHostedService>(provider => new DueLoop(
            name, provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<ILogger<DueLoop>>(), work));
}
