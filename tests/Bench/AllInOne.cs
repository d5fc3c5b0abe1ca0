using System.Diagnostics;
using System.Globalization;
using Grants.Testing;
using static Grants.Bench.Report;

namespace Grants.Bench;

/// <summary>Starts the product in one process, as a newcomer would, and prints what it costs.</summary>
static class AllInOne
{
    const int Rounds = 60;

    public static async Task MeasureAsync()
    {
        var clock = Stopwatch.StartNew();
        var started = Stopwatch.StartNew();
        await using var product = Product.Fresh();
        await product.StartAgainAsync("/calls");
        Print("start to first page, new data", started.Elapsed.TotalSeconds, "s", "< 3");
        await product.UntilReadyAsync();
        Print("start to the demonstration's people being there", started.Elapsed.TotalSeconds, "s", "");
        await product.KillAsync();
        started.Restart();
        await product.StartAgainAsync("/calls");
        Print("start to first page, again", started.Elapsed.TotalSeconds, "s", "< 3");
        await product.UntilReadyAsync();

        using var life = new Life(product.Address);
        var visible = new List<double>();
        Guid application = default;
        for (var round = 0; round < 12; round++)
        {
            var organisation = await life.RegisterOrganisationAsync($"Udruženje „Mjera {round}“");
            application = await life.StartAsync(organisation);
            await life.FillAsync(application, $"Projekat {round}", "2.000,00", "Razgovarali smo sa stanovnicima.");
            var emir = await life.AsAsync(Life.Officer);
            var ana = await life.AsAsync(Life.Applicant);
            var check = (await ana.OpenAsync($"/applications/{application}/check")).Expect();
            var watch = Stopwatch.StartNew();
            var submitting = ana.SubmitAsync(check, "/submission", ("declaration", "yes"));
            await emir.OpenWhenAsync($"/desk/applications/{application}", page => page.HasForm("/check"));
            visible.Add(watch.Elapsed.TotalMilliseconds);
            await submitting;
        }

        Print("submit clicked to visible on the officer's desk, median", Percentile(visible, 50), "ms", "< 200");
        Print("submit clicked to visible on the officer's desk, worst of 12", Percentile(visible, 100), "ms", "< 200");

        var reference = await life.ReferenceAsync(application);
        await life.CheckAsync(application);
        await life.AssignAsync(application);
        await life.ReviewAsync(reference);
        await life.CloseCallAsync();
        await life.RecommendAsync(application, "2000.00");
        await life.DecideAsync(application);
        await life.ReleaseLetterAsync(reference);
        await life.GiveAccountAsync(application);
        await life.OfferAsync(application);
        await life.SignAsync(application);
        var instalment = await life.ApproveAsync(reference);
        await life.ListPaymentsAsync();
        await life.SettleAsync(instalment, "2027-16/3", "16.1.2027");

        (string Who, string Path)[] pages =
        [
            ("", "/calls"), ("", $"/calls/{Life.Call}"), ("", "/account/sign-in"), (Life.Applicant, "/applications"), (Life.Applicant, $"/applications/{application}"),
            (Life.Applicant, $"/applications/{application}/receipt"), (Life.Applicant, $"/applications/{application}/timeline"), (Life.Applicant, $"/applications/{application}/dossier"),
            (Life.Applicant, "/inbox"), (Life.Applicant, $"/grants/{application}"), (Life.Applicant, $"/grants/{application}/agreement"), (Life.Officer, "/desk"),
            (Life.Officer, $"/desk/calls/{Life.Call}"), (Life.Officer, $"/desk/applications/{application}"), (Life.Officer, "/inbox"), (Life.Officer, "/mails/letters"),
            (Life.Evaluator, "/reviews"), (Life.Chair, $"/ranking/{Life.Call}"), (Life.DecisionMaker, "/decisions"), (Life.Finance, "/payments"), (Life.Finance, "/payments/lists"),
            (Life.Finance, $"/ledger/{Life.Call}"),
        ];
        Console.WriteLine($"{"page",-62}{"p50 ms",8}{"p95 ms",8}{"kB sent",9}");
        var worst = 0.0;
        foreach (var (who, path) in pages)
        {
            using var nobody = new Visitor(product.Address);
            var http = who == "" ? nobody.Http : (await life.AsAsync(who)).Http;
            var times = new List<double>();
            long bytes = 0;
            for (var round = -5; round < Rounds; round++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.AcceptEncoding.ParseAdd("gzip, br");
                var watch = Stopwatch.StartNew();
                using var answer = await http.SendAsync(request);
                bytes = (await answer.Content.ReadAsByteArrayAsync()).Length;
                if (round >= 0) times.Add(watch.Elapsed.TotalMilliseconds);
                answer.EnsureSuccessStatusCode();
            }

            worst = Math.Max(worst, Percentile(times, 95));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path.Replace(application.ToString(), "…").Replace(Life.Call.ToString(), "…"),-62}{Percentile(times, 50),8:0.0}{Percentile(times, 95),8:0.0}{bytes / 1000.0,9:0.0}"));
        }

        Print("slowest page at the 95th percentile", worst, "ms", "< 50");

        // The first page with everything it needs, as a browser asks for it.
        using (var nobody = new Visitor(product.Address))
        {
            var page = await nobody.OpenAsync("/calls");
            var parts = new HashSet<string> { "/calls" };
            parts.UnionWith(page.Document.QuerySelectorAll("link[href],script[src],img[src]").Select(part => part.GetAttribute("href") ?? part.GetAttribute("src")!));
            long total = 0;
            foreach (var part in parts)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, part);
                request.Headers.AcceptEncoding.ParseAdd("gzip, br");
                using var answer = await nobody.Http.SendAsync(request);
                total += (await answer.Content.ReadAsByteArrayAsync()).Length;
            }

            Print($"first page with its {parts.Count - 1} parts, as transferred", total / 1000.0, "kB", "< 100");
        }

        Print("resident memory after all this", product.ResidentBytes() / 1e6, "MB", "< 300");
        Print("the whole measurement", clock.Elapsed.TotalSeconds, "s", "");
    }
}
