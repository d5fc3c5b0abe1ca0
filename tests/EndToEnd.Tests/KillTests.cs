using System.Collections.Concurrent;
using Grants.EndToEnd.Tests.Failures;
using Grants.Testing;
using Xunit.Abstractions;

namespace Grants.EndToEnd.Tests;

/// <summary>The process is killed without warning at random moments while people work; afterwards an auditor counts.</summary>
public sealed class KillTests(ITestOutputHelper output) : IAsyncDisposable
{
    const int WorkersAtOnce = 3, LeastApplications = 6, LeastPaid = 3;

    // The long round kills twice as often.
    static readonly int KillsInEachHalf = BusyCluster.IsLong ? 10 : 5;

    readonly Random random = new(20261122);
    Product product = null!;
    Load load = null!;

    [Fact]
    public async Task Kills_under_load_lose_nothing_and_double_nothing()
    {
        product = await Product.StartAsync();
        load = new Load(product);
        var accepted = load.Accepted;

        // First half: people apply, are checked, and are evaluated.
        await WhileKilling(async (life, stop) =>
        {
            // On a slow machine the kills are over before enough has happened: then the work goes on without them.
            while (!stop.IsCancellationRequested || accepted.Count < LeastApplications) await load.ApplyAndReviewAsync(life);
        });
        output.WriteLine($"{accepted.Count} applications accepted during {KillsInEachHalf} kills");

        using (var life = new Life(product.Address)) await life.CloseCallAsync();
        var waiting = new ConcurrentQueue<KeyValuePair<Guid, string>>(accepted.OrderBy(pair => pair.Value, StringComparer.Ordinal));

        // Second half: they are recommended, awarded, told, contracted, approved and paid.
        await WhileKilling(async (life, stop) =>
        {
            while ((!stop.IsCancellationRequested || Paid() < LeastPaid) && waiting.TryDequeue(out var next)) await load.AwardAndPayAsync(life, next.Key, next.Value);
        });

        await product.Auditor.UntilQuietAsync();
        output.WriteLine($"{Paid()} instalments paid, {load.Retries} steps repeated after a kill");
        Assert.Empty(product.Auditor.Findings(accepted.Keys));
        Assert.True(accepted.Count >= LeastApplications && Paid() >= LeastPaid, "too little load to mean anything");
    }

    public async ValueTask DisposeAsync() => await product.DisposeAsync();

    long Paid() => product.Auditor.Number("disbursements", "select count(*) from instalments where state = 'Paid'");

    async Task WhileKilling(Func<Life, CancellationToken, Task> work)
    {
        using var stop = new CancellationTokenSource();
        var workers = Enumerable.Range(0, WorkersAtOnce).Select(async _ =>
        {
            using var life = new Life(product.Address);
            await work(life, stop.Token);
        }).ToList();
        for (var kill = 0; kill < KillsInEachHalf; kill++)
        {
            using var moment = new PeriodicTimer(TimeSpan.FromMilliseconds(random.Next(400, 2500)));
            await moment.WaitForNextTickAsync();
            await product.KillAsync();
            await product.StartAgainAsync();
        }

        await stop.CancelAsync();
        await Task.WhenAll(workers);
    }
}
