using System.Text.Json;
using Grants.Accounts;
using Grants.Accounts.Domain;
using Grants.Applications;
using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Applications.Features.Organisations;
using Grants.Contracts.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grants.AllInOne;

/// <summary>
/// Fills a demonstration at its first start: the calls in <c>demo/</c>, people in every role, two organisations that apply. All of it is invented but the
/// programme's facts. Each step leaves alone what is there, so a start that was cut off goes on where it ended. The calls are there before the first page is;
/// the people follow within a second, and only then is the process ready.
/// </summary>
public sealed class Demo(IServiceScopeFactory scopes, DemoMode demo, AppTime clock) : BackgroundService, IHealthCheck
{
    const string Programme = "programme:L4C";

    static readonly Guid Ana = Id(1), Jelena = Id(2);

    static readonly (Guid Id, string Name, string Email, string Language, (string, string)[] Roles)[] People =
    [
        (Ana, "Ana Kovačević", "ana@zelenikrug.example", "bs", []),
        (Jelena, "Јелена Симић", "jelena@izvor.example", "bs", []),
        (Id(3), "Emir Hadžić", "emir@grants.example", "en", [(Role.ProgrammeOfficer, Programme)]),
        (Id(4), "Lejla Begić", "lejla@grants.example", "bs", [(Role.Evaluator, Programme)]),
        (Id(5), "Marko Jurić", "marko@grants.example", "en", [(Role.Evaluator, Programme)]),
        (Id(6), "Senada Alić", "senada@grants.example", "en", [(Role.Chair, Programme), (Role.CommitteeMember, Programme)]),
        (Id(7), "Dragan Perić", "dragan@grants.example", "bs", [(Role.CommitteeMember, Programme)]),
        (Id(8), "Ivana Marić", "ivana@grants.example", "en", [(Role.DecisionMaker, Programme)]),
        (Id(9), "Amra Suljić", "amra@grants.example", "en", [(Role.FinanceOfficer, Programme)]),
        (Id(10), "Nikola Babić", "nikola@grants.example", "bs", [(Role.FinanceOfficer, Programme)]),
        (Id(11), "Mirela Tokić", "mirela@grants.example", "bs", [(Role.NationalCoordinator, "country:BA")]),
        (Id(12), "Vesna Radić", "vesna@grants.example", "en", [(Role.Auditor, "*")]),
        (Id(13), "Adnan Mujkić", "adnan@grants.example", "en", [(Role.Administrator, "*")]),
    ];

    static readonly (Guid Id, Guid Member, OrganisationDetails Details)[] Organisations =
    [
        (Id(101), Ana, Details("Udruženje građana „Zeleni krug“ Nevesinje", "RU-1-214/18", "Nevesinje", "Obala Neretve", "12", "88280")),
        (Id(102), Jelena, Details("Удружење грађана „Извор“ за развој села и очување старих заната, Требиње", "РУ-7-031/15", "Требиње", "Његошева", "3а", "89101")),
    ];

    volatile bool filled;

    /// <summary>Fills all of it as a step of a release, before the services run apart: what it publishes waits in their databases for them.</summary>
    /// <param name="app">The process of the release step, with migrated databases; it is not started.</param>
    public static async Task FillAsync(WebApplication app)
    {
        if (!app.Environment.IsDevelopment()) return;
        await AccountsSeed.DecideKindAsync(app.Services);
        var demo = app.Services.GetRequiredService<Demo>();
        await demo.PublishCallsAsync(default);
        await demo.AddPeopleAsync(default);
    }

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await PublishCallsAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await AddPeopleAsync(stoppingToken);
        filled = true;
    }

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(filled ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The demonstration is being filled."));

    async Task PublishCallsAsync(CancellationToken ct)
    {
        if (!demo.IsOn) return;
        await using var scope = scopes.CreateAsyncScope();
        var applications = scope.ServiceProvider.GetRequiredService<ApplicationsDb>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "demo"), "*.json").Order(StringComparer.Ordinal))
        {
            var definition = JsonSerializer.Deserialize<CallDefinition>(await File.ReadAllTextAsync(file, ct), MessageJson.Options)!;
            await CallPublishing.Publish(applications, definition, clock, ct);
        }
    }

    async Task AddPeopleAsync(CancellationToken ct)
    {
        if (!demo.IsOn) return;
        await using var scope = scopes.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<AccountsDb>();
        foreach (var (id, name, email, language, roles) in People) await AccountsSeed.AddPersonAsync(accounts, clock, id, name, email, language, roles, ct);

        var applications = scope.ServiceProvider.GetRequiredService<ApplicationsDb>();
        foreach (var (id, member, details) in Organisations)
        {
            if (await applications.Organisations.AnyAsync(organisation => organisation.Id == id, ct)) continue;
            var organisation = Organisation.Register(id, details, member, clock.Now);
            applications.Organisations.Add(organisation);
            applications.PublishChanged(organisation, clock.Now);
            await applications.SaveChangesAsync(ct);
        }
    }

    static OrganisationDetails Details(string name, string number, string town, string street, string house, string postcode) => new(name, number, "BA", street, house, postcode, town);

    // Fixed, so that links to the demonstration's people and organisations stay the same after its data were deleted.
    static Guid Id(int number) => new($"0193a1f0-7c40-7000-8000-0000000{number:x5}");
}
