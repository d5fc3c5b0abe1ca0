using System.Net;
using Grants.Testing;
using Xunit.Abstractions;

namespace Grants.EndToEnd.Tests.Failures;

/// <summary>Processes, servers and lines fail while people work. Nothing that was accepted is lost, nothing is done twice, and all goes on without hands.</summary>
[Collection(BusyClusterTests.Name)]
public sealed class ProcessTests(BusyCluster busy, ITestOutputHelper output)
{
    readonly Random random = new(20261122);

    Cluster Cluster => busy.Cluster;

    [Fact]
    public async Task Services_replicas_and_the_gateway_are_killed_at_random()
    {
        var kills = BusyCluster.IsLong ? 100 : 10;
        var accepted = await busy.UnderLoadAsync(async () =>
        {
            for (var kill = 0; kill < kills; kill++)
            {
                var process = Cluster.Processes[random.Next(Cluster.Processes.Count)];
                await Cluster.KillAsync(process);
                await BusyCluster.PassAsync(TimeSpan.FromMilliseconds(random.Next(50, 1500)));
                await Cluster.BeginAsync(process);
                await BusyCluster.PassAsync(TimeSpan.FromMilliseconds(random.Next(50, 1500)));
            }
        });
        output.WriteLine($"{kills} kills, {accepted} applications accepted meanwhile, {busy.Load.Retries} steps repeated so far");
        Assert.True(accepted > 0, "too little load to mean anything");
    }

    [Fact]
    public async Task RabbitMQ_is_killed_and_away_for_a_while()
    {
        var away = TimeSpan.FromSeconds(BusyCluster.IsLong ? 60 : 15);
        var accepted = await busy.UnderLoadAsync(async () =>
        {
            await Cluster.KillBrokerAsync();
            await Cluster.StartBrokerAsync();
            await BusyCluster.PassAsync(TimeSpan.FromSeconds(2));

            await Cluster.KillBrokerAsync();
            var (calls, lines) = (Cluster.Line.Calls, Lines());
            await BusyCluster.PassAsync(away);
            (calls, lines) = (Cluster.Line.Calls - calls, Lines() - lines);
            // Nobody waits for it in a tight loop: ten processes, each no more than twice a second, and the log stays readable.
            output.WriteLine($"{away.TotalSeconds} s without RabbitMQ: {calls} calls to it and {lines} lines of log from ten processes");
            Assert.InRange(calls, 1, 2 * 10 * away.TotalSeconds);
            Assert.InRange(lines, 0, 200 * away.TotalSeconds);
            await Cluster.StartBrokerAsync();
        });
        output.WriteLine($"{accepted} applications accepted meanwhile");
        Assert.True(accepted > 0, "too little load to mean anything");
    }

    [Fact]
    public async Task PostgreSQL_is_restarted_without_warning_and_away_for_a_while()
    {
        var away = TimeSpan.FromSeconds(BusyCluster.IsLong ? 30 : 8);
        var accepted = await busy.UnderLoadAsync(async () =>
        {
            await Cluster.KillDatabaseAsync();
            await Cluster.StartDatabaseAsync();
            await BusyCluster.PassAsync(TimeSpan.FromSeconds(2));

            await Cluster.KillDatabaseAsync();
            var lines = Lines();
            using (var anybody = new Visitor(Cluster.Address))
            {
                var page = await anybody.OpenAsync("/calls");
                Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
                Assert.NotEqual("", page.Document.QuerySelector("h1")?.TextContent);
                Assert.DoesNotContain("Exception", page.Text, StringComparison.Ordinal);
            }

            await BusyCluster.PassAsync(away);
            lines = Lines() - lines;
            output.WriteLine($"{away.TotalSeconds} s without PostgreSQL: {lines} lines of log from eleven processes");
            Assert.InRange(lines, 0, 500 * away.TotalSeconds);
            await Cluster.StartDatabaseAsync();
        });
        output.WriteLine($"{accepted} applications accepted meanwhile");
        Assert.True(accepted > 0, "too little load to mean anything");
    }

    [Fact]
    public async Task The_line_to_RabbitMQ_is_slow_resets_and_is_cut()
    {
        var calls = Cluster.Line.Calls;
        await busy.UnderLoadAsync(async () =>
        {
            Cluster.Line.Delay = TimeSpan.FromMilliseconds(150);
            await BusyCluster.PassAsync(TimeSpan.FromSeconds(4));
            Cluster.Line.Delay = TimeSpan.Zero;
            for (var reset = 0; reset < (BusyCluster.IsLong ? 40 : 6); reset++)
            {
                Cluster.Line.Reset();
                await BusyCluster.PassAsync(TimeSpan.FromMilliseconds(random.Next(200, 1500)));
            }

            // What was on the way in both directions is gone, and neither end knows.
            Cluster.Line.IsSilent = true;
            await BusyCluster.PassAsync(TimeSpan.FromSeconds(BusyCluster.IsLong ? 40 : 8));
            Cluster.Line.IsSilent = false;
            Cluster.Line.Reset();
            await BusyCluster.PassAsync(TimeSpan.FromSeconds(1));

            Cluster.Line.GoAway();
            await BusyCluster.PassAsync(TimeSpan.FromSeconds(3));
            Cluster.Line.ComeBack();
        });
        output.WriteLine($"connected {Cluster.Line.Calls - calls} times");
    }

    [RootFact]
    public async Task The_line_to_RabbitMQ_loses_every_sixth_packet()
    {
        var rules = new[] { "--dport", "--sport" }.Select(end => $"INPUT -i lo -p tcp {end} {Cluster.Broker.Port} -m statistic --mode random --probability 0.17 -j DROP").ToList();
        var accepted = await busy.UnderLoadAsync(async () =>
        {
            try
            {
                foreach (var rule in rules) await MessageTests.ShellAsync($"iptables -w -A {rule}");
                await BusyCluster.PassAsync(TimeSpan.FromSeconds(BusyCluster.IsLong ? 60 : 10));
            }
            finally
            {
                foreach (var rule in rules) await MessageTests.ShellAsync($"while iptables -w -D {rule} 2>/dev/null; do :; done");
            }
        });
        output.WriteLine($"{accepted} applications accepted meanwhile");
    }

    [Fact]
    public async Task A_payment_approved_while_RabbitMQ_and_its_service_die_goes_out_once()
    {
        var (application, reference, call) = await busy.ReviewedAsync();
        busy.Life.CallId = call;
        await busy.Load.AwardAsync(busy.Life, application, reference);
        await busy.Load.ApproveAsync(busy.Life, application, reference, 1);
        busy.Life.CallId = Life.Call;
        await Cluster.KillBrokerAsync();
        await busy.Load.ApproveAsync(busy.Life, application, reference, 2);
        Assert.Equal(1, Cluster.Auditor.Number("disbursements", "select count(*) from outbox_messages where type like '%.PaymentApproved' and body like '%\"complete\":true%'"));
        await Cluster.KillAsync("disbursements-1");
        await Cluster.KillAsync("disbursements-2");
        await Cluster.StartBrokerAsync();
        await Cluster.StartAllAsync();
        await busy.AuditAsync();
        Assert.Equal(1, Cluster.Auditor.Number("applications", "select count(*) from timeline_entries where application_id = @id and kind = 'PaymentReleased'", application));
        Assert.Equal(1, Cluster.Auditor.Number("disbursements", "select count(*) from instalments where application_id = @id and state = 'Approved'", application));
    }

    [Fact]
    public async Task A_rolling_restart_is_not_noticed()
    {
        using var stop = new CancellationTokenSource();
        // People without patience: whatever is not answered as it should be ends the test.
        var people = Enumerable.Range(0, 2).Select(async number =>
        {
            var applied = 0;
            using var life = new Life(Cluster.Address);
            do
            {
                var application = await life.ApplyAsync($"Udruženje „Mirno {number}-{applied++}“");
                busy.Load.Accepted[application] = await life.ReferenceAsync(application);
                foreach (var (person, page) in new[] { (Life.Evaluator, "/reviews"), (Life.Finance, "/payments"), (Life.Officer, "/inbox"), (Life.Applicant, "/account"), (Life.Officer, $"/desk/calls/{Life.Call}") })
                    (await (await life.AsAsync(person)).OpenAsync(page)).Expect();
            }
            while (!stop.IsCancellationRequested);
            return applied;
        }).ToList();
        try
        {
            // As a rolling update of all services does: one replica of each, and the other when that is ready.
            foreach (var replica in (string[])["-1", "-2"])
            {
                await Task.WhenAll(Cluster.Processes.Where(name => name.EndsWith(replica, StringComparison.Ordinal) && !name.StartsWith("gateway", StringComparison.Ordinal)).Select(async process =>
                {
                    await Cluster.StopAsync(process);
                    await Cluster.StartAsync(process);
                }));
                await BusyCluster.PassAsync(TimeSpan.FromSeconds(2));
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        output.WriteLine($"{(await Task.WhenAll(people)).Sum()} applications submitted while every replica of every service was replaced");
        await busy.AuditAsync();
    }

    int Lines() => Cluster.Processes.Sum(process => Cluster.Log(process).Count(letter => letter == '\n'));
}
