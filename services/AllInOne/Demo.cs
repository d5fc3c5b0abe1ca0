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
/// Fills a demonstration at its first start: the calls in <c>demo/</c>, people in every role of every programme, organisations that apply. All of it is invented
/// but the programmes' facts. Each step leaves alone what is there, so a start that was cut off goes on where it ended. The calls are there before the first page is;
/// the people follow within a second, and only then is the process ready.
/// </summary>
public sealed class Demo(IServiceScopeFactory scopes, DemoMode demo, AppTime clock) : BackgroundService, IHealthCheck
{
    const string L4C = "programme:L4C", Alter = "programme:ALTER", Btd = "programme:BTD", Recov = "programme:RECOV", EcNet = "programme:ECNET";

    static readonly Guid Ana = Id(1), Jelena = Id(2), Tanja = Id(44), Ilir = Id(45);

    // Languages are those the people write in; where the pages have no texts in one, they see what their browser asks for.
    static readonly (Guid Id, string Name, string Email, string Language, (string, string)[] Roles)[] People =
    [
        (Ana, "Ana Kovačević", "ana@zelenikrug.example", "bs", []),
        (Jelena, "Јелена Симић", "jelena@izvor.example", "bs", []),
        (Tanja, "Тања Ѓорѓиева", "tanja@strezevo.example", "mk", []),
        (Ilir, "Ilir Prifti", "ilir@lugina.example", "sq", []),

        (Id(3), "Emir Hadžić", "emir@grants.example", "en", In(Role.ProgrammeOfficer, L4C, Alter)),
        (Id(32), "Александар Димовски", "aleksandar@grants.example", "mk", In(Role.ProgrammeOfficer, Recov)),
        (Id(33), "Petra Zupančič", "petra@grants.example", "sl", In(Role.ProgrammeOfficer, EcNet)),
        (Id(34), "Elira Dervishi", "elira@grants.example", "sq", In(Role.ProgrammeOfficer, Btd)),

        // A national evaluation asks for evaluators of the applicant's country: Bosnia and Herzegovina, North Macedonia and Albania have two each.
        (Id(4), "Lejla Begić", "lejla@grants.example", "bs", In(Role.Evaluator, L4C, "country:BA")),
        (Id(5), "Marko Jurić", "marko@grants.example", "en", In(Role.Evaluator, L4C, "country:BA")),
        (Id(46), "Edin Selimović", "edin@grants.example", "bs", In(Role.Evaluator, L4C)),
        (Id(47), "Suada Hasić", "suada@grants.example", "bs", In(Role.Evaluator, L4C)),
        (Id(20), "Горан Ристески", "goran@grants.example", "mk", In(Role.Evaluator, Btd, "country:MK")),
        (Id(21), "Билјана Наумовска", "biljana@grants.example", "mk", In(Role.Evaluator, "country:MK")),
        (Id(22), "Dritan Çela", "dritan@grants.example", "sq", In(Role.Evaluator, Recov, "country:AL")),
        (Id(23), "Ermira Lleshi", "ermira@grants.example", "sq", In(Role.Evaluator, "country:AL")),
        (Id(24), "Mehmet Kılıç", "mehmet@grants.example", "tr", In(Role.Evaluator, Alter)),
        (Id(25), "Ilze Ozoliņa", "ilze@grants.example", "en", In(Role.Evaluator, Alter)),
        (Id(26), "Rita Carvalho", "rita@grants.example", "en", In(Role.Evaluator, Alter, Recov)),
        (Id(27), "Giulia Ferrari", "giulia@grants.example", "en", In(Role.Evaluator, Recov, EcNet)),
        (Id(28), "Nataša Kranjc", "natasa@grants.example", "sl", In(Role.Evaluator, EcNet)),
        (Id(29), "Matej Žagar", "matej@grants.example", "sl", In(Role.Evaluator, EcNet)),
        (Id(30), "Maja Radulović", "maja@grants.example", "sr-Latn", In(Role.Evaluator, Btd)),
        (Id(31), "Ardian Morina", "ardian@grants.example", "sq", In(Role.Evaluator, Btd)),

        (Id(6), "Senada Alić", "senada@grants.example", "en", [.. In(Role.Chair, L4C, Alter), .. In(Role.CommitteeMember, L4C, Alter)]),
        (Id(35), "Снежана Петровска", "snezana@grants.example", "mk", [.. In(Role.Chair, Recov), .. In(Role.CommitteeMember, Recov)]),
        (Id(36), "Andrej Hribar", "andrej@grants.example", "sl", [.. In(Role.Chair, EcNet), .. In(Role.CommitteeMember, EcNet)]),
        (Id(37), "Besnik Gashi", "besnik@grants.example", "sq", [.. In(Role.Chair, Btd), .. In(Role.CommitteeMember, Btd)]),
        (Id(7), "Dragan Perić", "dragan@grants.example", "bs", In(Role.CommitteeMember, L4C, Alter, Btd, Recov, EcNet)),
        (Id(38), "Jovana Nikolić", "jovana@grants.example", "sr-Latn", In(Role.CommitteeMember, Alter, Btd, Recov, EcNet)),

        (Id(8), "Ivana Marić", "ivana@grants.example", "en", In(Role.DecisionMaker, L4C, Alter)),
        (Id(39), "Тодор Илиевски", "todor@grants.example", "mk", In(Role.DecisionMaker, Recov)),
        (Id(40), "Irena Novak", "irena@grants.example", "sl", In(Role.DecisionMaker, EcNet)),
        (Id(41), "Valbona Shehu", "valbona@grants.example", "sq", In(Role.DecisionMaker, Btd)),

        // Three where a large payment needs three.
        (Id(9), "Amra Suljić", "amra@grants.example", "en", In(Role.FinanceOfficer, L4C, Alter, Recov, EcNet)),
        (Id(10), "Nikola Babić", "nikola@grants.example", "bs", In(Role.FinanceOfficer, L4C, Alter, Btd, Recov)),
        (Id(42), "Sanja Vidović", "sanja@grants.example", "sr-Latn", In(Role.FinanceOfficer, Alter, Btd, Recov, EcNet)),
        (Id(43), "Agron Leka", "agron@grants.example", "sq", In(Role.FinanceOfficer, Btd)),

        (Id(11), "Mirela Tokić", "mirela@grants.example", "bs", In(Role.NationalCoordinator, "country:BA")),
        (Id(14), "Елена Стојановска", "elena@grants.example", "mk", In(Role.NationalCoordinator, "country:MK")),
        (Id(15), "Blerina Hoxha", "blerina@grants.example", "sq", In(Role.NationalCoordinator, "country:AL")),
        (Id(16), "Милица Јовановић", "milica@grants.example", "sr-Cyrl", In(Role.NationalCoordinator, "country:RS")),
        (Id(17), "Arta Krasniqi", "arta@grants.example", "sq", In(Role.NationalCoordinator, "country:XK")),
        (Id(18), "Luka Vukčević", "luka@grants.example", "sr-Latn", In(Role.NationalCoordinator, "country:ME")),
        (Id(19), "Ayşe Yıldız", "ayse@grants.example", "tr", In(Role.NationalCoordinator, "country:TR")),

        (Id(12), "Vesna Radić", "vesna@grants.example", "en", In(Role.Auditor, "*")),
        (Id(13), "Adnan Mujkić", "adnan@grants.example", "en", In(Role.Administrator, "*")),
    ];

    static readonly (Guid Id, Guid Member, OrganisationDetails Details)[] Organisations =
    [
        (Id(101), Ana, new("Udruženje građana „Zeleni krug“ Nevesinje", "RU-1-214/18", "BA", "Obala Neretve", "12", "88280", "Nevesinje")),
        (Id(102), Jelena, new("Удружење грађана „Извор“ за развој села и очување старих заната, Требиње", "РУ-7-031/15", "BA", "Његошева", "3а", "89101", "Требиње")),
        (Id(103), Tanja, new("Здружение за рурален развој „Стрежево“, Битола", "7012345", "MK", "Солунска", "27", "7000", "Битола")),
        (Id(104), Ilir, new("Shoqata “Lugina e Vjosës” për zhvillimin rural, Përmet", "Vendim nr. 1284/2016", "AL", "Rruga e Pazarit", "7", "6401", "Përmet")),
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

    static (string, string)[] In(string role, params string[] scopes) => [.. scopes.Select(scope => (role, scope))];

    // Fixed, so that links to the demonstration's people and organisations stay the same after its data were deleted.
    static Guid Id(int number) => new($"0193a1f0-7c40-7000-8000-0000000{number:x5}");
}
