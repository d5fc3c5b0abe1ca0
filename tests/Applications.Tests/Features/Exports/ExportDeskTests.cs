using System.Net;
using System.Text;
using Grants.Applications.Domain;
using Grants.Platform.Http;

namespace Grants.Applications.Tests.Features.Exports;

public sealed class ExportDeskTests
{
    static async Task<string[]> CsvAsync(World world, Caller by, string path)
    {
        var answer = await world.As(by).GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Encoding.UTF8.GetString((await answer.Content.ReadAsByteArrayAsync())[3..]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task The_file_has_the_rows_and_columns_of_the_page()
    {
        await using var world = await World.StartAsync();
        await world.SubmittedAsync(World.Ana, "Udruženje „Šljiva“ Žepče");
        await world.SubmittedAsync(World.Ana, "=cmd|' /C calc'!A0");
        var path = $"/desk/calls/{World.CallId}";
        Assert.Equal(
            ["Reference,Organisation,Project,Asked for (BAM),Received (Sarajevo),State",
                "L4C-2026-00001,Udruženje „Šljiva“ Žepče,Klupa za sve,8000.00,2027-01-04 10:00:00,To check",
                "L4C-2026-00002,'=cmd|' /C calc'!A0,Klupa za sve,8000.00,2027-01-04 10:00:00,To check"],
            await CsvAsync(world, World.Officer, path + "/export.csv"));

        const string view = "?q=%D1%88%D1%99%D0%B8%D0%B2%D0%B0&columns=country&columns=checked&columns=channel&columns=registry";
        Assert.Equal(["Reference,Country,Checked (of 2),How it came,Registry number", "L4C-2026-00001,Bosnia and Herzegovina,0,Submitted here,"], await CsvAsync(world, World.Auditor, path + "/export.csv" + view));
        var page = await world.PageAsync(World.Auditor, path + view);
        Assert.Contains("1 application.", page);
        Assert.Contains("L4C-2026-00001 Bosnia and Herzegovina 0 Submitted here", page);
        Assert.DoesNotContain("L4C-2026-00002", page);
        Assert.Single(await CsvAsync(world, World.Officer, path + "/export.csv?state=Eligible"));
        Assert.Contains("No application was found", await world.PageAsync(World.Officer, path + "?q=nothing"));

        var answer = await world.As(World.Officer).GetAsync(path + "/export.xlsx");
        Assert.Equal("L4C-2026-2027-01-04.xlsx", answer.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal((byte)'P', (await answer.Content.ReadAsByteArrayAsync())[0]);
        Assert.Equal("Call,State,Closes,Received,Waiting for the check", (await CsvAsync(world, World.Officer, "/desk/export.csv"))[0]);
    }

    [Fact]
    public async Task Only_what_is_in_scope_is_in_the_file()
    {
        await using var world = await World.StartAsync();
        await world.SubmittedAsync(World.Ana);
        var id = await world.StartDraftAsync(World.Boris, await world.RegisterAsync(World.Boris, "Здружение", "MK"));
        await world.FillAsync(World.Boris, id);
        await world.SubmitAsync(World.Boris, id);
        var path = $"/desk/calls/{World.CallId}/export";
        Assert.Equal(2, (await CsvAsync(world, World.Coordinator, path + ".csv")).Length);
        Assert.Equal(3, (await CsvAsync(world, World.Officer, path + ".csv")).Length);
        foreach (var other in new[] { World.Ana, World.OfficerElsewhere })
            foreach (var format in new[] { "csv", "xlsx" }) Assert.Equal(HttpStatusCode.NotFound, (await world.As(other).GetAsync($"{path}.{format}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.Officer).GetAsync(path + ".pdf")).StatusCode);
    }

    [Fact]
    public async Task Ten_thousand_applications_are_all_in_the_file()
    {
        await using var world = await World.StartAsync();
        await world.Service.Db<ApplicationsDb>(async db =>
        {
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            for (var number = 1; number <= 10_000; number++)
            {
                db.Add(new Application
                {
                    Id = Guid.CreateVersion7(), Version = 2, CallId = World.CallId, CallVersion = 1, OrganisationId = Guid.CreateVersion7(), OrganisationName = $"Organisation {number}", Country = "BA",
                    State = ApplicationState.Submitted, Reference = ReferenceCounter.Reference("L4C-2026", number), SubmittedAt = world.Clock.GetUtcNow(), Title = "Klupa", RequestedMinor = 100_000 + number, Currency = "BAM",
                });
            }

            await db.SaveChangesAsync();
        });
        Assert.Contains("10000 applications.", await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}"));
        var lines = await CsvAsync(world, World.Officer, $"/desk/calls/{World.CallId}/export.csv");
        Assert.Equal(10_001, lines.Length);
        Assert.Equal(10_000, lines.Skip(1).Select(line => line.Split(',')[0]).Distinct().Count());
        Assert.Contains("1 application.", await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}?q=organisation+9999"));
    }
}
