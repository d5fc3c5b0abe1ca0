using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Grants.Testing;
using Xunit.Abstractions;

namespace Grants.EndToEnd.Tests;

/// <summary>The process is killed without warning at random moments while people work; afterwards an auditor counts.</summary>
public sealed class KillTests(ITestOutputHelper output) : IAsyncDisposable
{
    const int KillsInEachHalf = 10, WorkersAtOnce = 3, LeastApplications = 6, LeastPaid = 3;

    // Longer than the work between two kills takes on a slow machine; who needs more has met an error that stays.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly ConcurrentDictionary<Guid, string> accepted = new();
    readonly Random random = new(20261122);
    Product product = null!;
    Auditor auditor = null!;
    int retries;

    [Fact]
    public async Task Twenty_kills_under_load_lose_nothing_and_double_nothing()
    {
        product = await Product.StartAsync();
        auditor = new Auditor(product.Folder);

        // First half: people apply, are checked, and are evaluated.
        var number = 0;
        await WhileKilling(async (life, stop) =>
        {
            // On a slow machine the kills are over before enough has happened: then the work goes on without them.
            while (!stop.IsCancellationRequested || accepted.Count < LeastApplications) await ApplyAndReviewAsync(life, Interlocked.Increment(ref number));
        });
        output.WriteLine($"{accepted.Count} applications accepted during {KillsInEachHalf} kills");

        using (var life = new Life(product.Address)) await life.CloseCallAsync();
        var waiting = new ConcurrentQueue<KeyValuePair<Guid, string>>(accepted.OrderBy(pair => pair.Value, StringComparer.Ordinal));

        // Second half: they are recommended, awarded, told, contracted, approved and paid.
        await WhileKilling(async (life, stop) =>
        {
            while ((!stop.IsCancellationRequested || Paid() < LeastPaid) && waiting.TryDequeue(out var next)) await AwardAndPayAsync(life, next.Key, next.Value);
        });

        await auditor.UntilQuietAsync();
        output.WriteLine($"{Paid()} instalments paid, {retries} steps repeated after a kill");
        Assert.Empty(auditor.Findings(accepted.Keys));
        Assert.True(accepted.Count >= LeastApplications && Paid() >= LeastPaid, "too little load to mean anything");
    }

    public async ValueTask DisposeAsync() => await product.DisposeAsync();

    long Paid() => auditor.Number("disbursements", "select count(*) from instalments where state = 'Paid'");

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

    async Task ApplyAndReviewAsync(Life life, int number)
    {
        var organisation = await DoAsync(() => life.RegisterOrganisationAsync($"Udruženje „Talas {number}“"));
        var application = await DoAsync(() => life.StartAsync(organisation));
        await DoAsync(() => life.FillAsync(application, $"Projekat {number}", "2.000,00", "Razgovarali smo sa stanovnicima."));
        await UntilAsync("applications", "select count(*) from applications where id = @id and state <> 'Draft'", application, () => life.SubmitAsync(application));
        var reference = await DoAsync(() => life.ReferenceAsync(application));
        accepted[application] = reference;
        await UntilAsync("applications", "select count(*) from eligibility_checks where application_id = @id", application, () => life.CheckAsync(application));
        await UntilAsync("reviews", "select count(*) from assignments where application_id = @id", application, () => life.AssignAsync(application));
        await UntilAsync("reviews", "select count(*) from assignments where application_id = @id and state = 'Submitted'", application, () => life.ReviewAsync(reference));
    }

    async Task AwardAndPayAsync(Life life, Guid application, string reference)
    {
        await UntilAsync("reviews", "select count(*) from recommendations where application_id = @id", application, () => life.RecommendAsync(application, "2000.00"));
        await UntilAsync("reviews", "select count(*) from decisions where application_id = @id", application, () => life.DecideAsync(application));
        await UntilAsync("notifications", "select count(*) from letters where application_id = @id and state = 'Released'", application, () => life.ReleaseLetterAsync(reference));
        await UntilAsync("disbursements", "select count(*) from bank_accounts where application_id = @id", application, () => life.GiveAccountAsync(application));
        await UntilAsync("disbursements", "select count(*) from agreements where application_id = @id", application, () => life.OfferAsync(application));
        // One step for each person: an answer may be lost after the first of them.
        const string signed = "select count(*) >= {0} from agreement_acceptances s join agreements a on a.id = s.agreement_id where a.application_id = @id";
        await UntilAsync("disbursements", Counted(signed, 1), application, () => life.AcceptAsync(application, Life.Applicant, "President"));
        await UntilAsync("disbursements", Counted(signed, 2), application, () => life.AcceptAsync(application, Life.DecisionMaker, "Director"));
        const string approved = "select count(distinct approver) >= {0} from payment_approvals p join instalments i on i.id = p.instalment_id where i.application_id = @id";
        await UntilAsync("disbursements", Counted(approved, 1), application, () => life.ApproveAsync(reference, Life.Finance));
        await UntilAsync("disbursements", Counted(approved, 2), application, () => life.ApproveAsync(reference, Life.OtherFinance));
        await UntilAsync("disbursements", "select count(*) from payment_lines where application_id = @id", application, life.ListPaymentsAsync);
        await UntilAsync("disbursements", "select count(*) from instalments where application_id = @id and state = 'Paid'", application,
            () => life.SettleReferenceAsync(reference, $"2027-16/{reference[^3..]}", "16.1.2027"));
    }

    static string Counted(string sql, int least) => sql.Replace("{0}", least.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    // A person whose step failed looks whether it was done all the same, and otherwise does it again.
    async Task UntilAsync(string service, string done, Guid application, Func<Task> step)
    {
        var patience = Stopwatch.StartNew();
        while (auditor.Number(service, done, application) == 0)
        {
            try
            {
                await step();
            }
            catch (Exception e) when (IsKill(e) && patience.Elapsed < Patience)
            {
                Interlocked.Increment(ref retries);
                await product.UntilReadyAsync();
            }
        }
    }

    async Task DoAsync(Func<Task> step) => await DoAsync(async () =>
    {
        await step();
        return true;
    });

    async Task<TResult> DoAsync<TResult>(Func<Task<TResult>> step)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await step();
            }
            catch (Exception e) when (IsKill(e) && patience.Elapsed < Patience)
            {
                Interlocked.Increment(ref retries);
                await product.UntilReadyAsync();
            }
        }
    }

    // The connection broke, or the page that another worker or an earlier try has gone past shows no form any more.
    static bool IsKill(Exception e) => e is HttpRequestException or IOException or InvalidOperationException or TaskCanceledException or TimeoutException;
}
