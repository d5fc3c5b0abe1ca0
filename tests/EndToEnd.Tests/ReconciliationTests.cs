using System.Diagnostics;
using Grants.Contracts.Reconciliation;
using Grants.Platform.Hosting;
using Grants.Platform.Reconciliation;
using Grants.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.EndToEnd.Tests;

/// <summary>The running product compares its own services' figures, every second of real time here; the product's clock is moved past the time messages have to arrive.</summary>
public sealed class ReconciliationTests
{
    const string Administrator = "Adnan Mujkić";

    static readonly string[] Comparing = ["applications", "reviews", "disbursements", "notifications"];

    [Fact]
    public async Task Figures_agree_through_a_grants_life_and_a_row_that_disappears_is_an_incident()
    {
        await using var product = await Product.StartAsync("--Reconciliation:Seconds=1");
        using var life = new Life(product.Address);
        var auditor = new Auditor(product.Folder);
        var victim = await life.ApplyAsync("Udruženje „Izvor“ Fojnica");
        await life.WholeAsync("Udruženje „Ušće“ Goražde");
        await UntilAsync("no difference is left", () => Everywhere(auditor, "select count(*) from totals_differences").All(count => count == 0));

        // Everything is old enough now: every service knows every figure of all who know it, and they are the same.
        MoveClock(product);
        foreach (var (figure, services) in CallFigures.KnownBy)
        {
            var count = figure switch { CallFigures.Submitted or CallFigures.Dossiers => 2, CallFigures.Rejected => 0, _ => 1 };
            // Other calls of the demonstration have versions, too.
            var said = $"from call_totals t, json_each(t.figures) f where t.call_id = '{Life.Call.ToString().ToUpperInvariant()}' and json_extract(f.value, '$.name') = '{figure}' and json_extract(f.value, '$.count') = {count}";
            await UntilAsync($"{figure} is {count} everywhere", () =>
                Everywhere(auditor, $"select count(distinct t.service) {said}").All(number => number == services.Count)
                && Everywhere(auditor, $"select count(distinct json_extract(f.value, '$.sha256')) {said}").All(number => number == 1));
        }

        await UntilAsync("no difference is left", () => Everywhere(auditor, "select count(*) from totals_differences").All(count => count == 0));
        var adnan = await life.AsAsync(Administrator);
        Assert.Equal("Healthy", await adnan.Http.GetStringAsync(new Uri("/health/messaging", UriKind.Relative)));

        // Behind the service's back.
        Execute(product, "reviews", "delete from review_cases where application_id = @id", victim);
        await UntilAsync("all who know submissions see the difference", () => new[] { "applications", "reviews", "notifications" }
            .All(service => auditor.Number(service, "select count(*) from totals_differences where figure = 'submitted'") > 0));
        MoveClock(product);
        await UntilAsync("the difference is an incident in Reviews", () =>
            auditor.Number("reviews", "select count(*) from totals_differences where opened_at is not null and our_count = 1 and their_count = 2 and figure = 'submitted'") == 2);
        Assert.Equal("Degraded", await adnan.Http.GetStringAsync(new Uri("/health/messaging", UriKind.Relative)));
        var page = (await adnan.OpenAsync("/operations/reviews/differences")).Expect();
        Assert.Contains("Applications submitted", page.Text, StringComparison.Ordinal);
        Assert.Equal(0, auditor.Number("disbursements", "select count(*) from totals_differences"));
    }

    [Fact]
    public async Task Each_service_counts_exactly_the_figures_it_is_said_to_know()
    {
        var folder = Directory.CreateTempSubdirectory("grants-figures-").FullName;
        await using (var app = AllInOne.Host.Build([$"--Data:Folder={folder}", "--environment=Development", "--urls=http://localhost:0"]))
        {
            var reconcilers = app.Services.GetServices<Reconciler>().ToDictionary(reconciler => reconciler.Service);
            Assert.Equal(Comparing.Order(), reconcilers.Keys.Order());
            foreach (var (service, reconciler) in reconcilers)
                Assert.Equal(CallFigures.KnownBy.Where(figure => figure.Value.Contains(service)).Select(figure => figure.Key).Order(), reconciler.Figures.Order());
        }

        Directory.Delete(folder, recursive: true);
    }

    static IEnumerable<long> Everywhere(Auditor auditor, string sql) => Comparing.Select(service => auditor.Number(service, sql));

    // Past the minute that messages have to arrive, and past the two for which a difference must last.
    static void MoveClock(Product product)
    {
        var clock = new AppTime(TimeProvider.System, Path.Combine(product.Folder, "clock-offset"));
        clock.MoveTo(clock.Now.AddMinutes(3));
    }

    static void Execute(Product product, string service, string sql, Guid id)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(product.Folder, service + ".db")};Pooling=False;Default Timeout=10");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@id", id.ToString().ToUpperInvariant());
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    static async Task UntilAsync(string what, Func<bool> condition)
    {
        var patience = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!condition())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(90), $"Never came true: {what}");
            await pause.WaitForNextTickAsync();
        }
    }
}
