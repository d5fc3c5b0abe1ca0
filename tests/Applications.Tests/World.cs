using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Contracts.Accounts;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Applications.Tests;

/// <summary>The service with a call that is open, and people. It closes on Friday 15 January 2027 at 23:59:59 in Sarajevo, which is 22:59:59 UTC.</summary>
public sealed partial class World : IAsyncDisposable
{
    public static readonly Guid CallId = new("01930000-0000-7000-8000-000000000001");

    public static readonly Caller Ana = Person("Ana Đurić"), Boris = Person("Борис Тодоров"), Stranger = Person("Stranger");

    public static readonly Caller Officer = Staff("Olga Officer", Role.ProgrammeOfficer, "programme:L4C"), Auditor = Staff("Adam Auditor", Role.Auditor, $"call:{CallId}"),
        Coordinator = Staff("Cora Coordinator", Role.NationalCoordinator, "country:BA"), OfficerElsewhere = Staff("Ed Elsewhere", Role.ProgrammeOfficer, "programme:ALTER");

    public static readonly DateTimeOffset LastSecond = new(2027, 1, 15, 22, 59, 59, TimeSpan.Zero);

    World(ServiceFixture service) => Service = service;

    public ServiceFixture Service { get; }

    public FakeTime Clock => Service.Clock;

    public static async Task<World> StartAsync(CallDefinition? call = null, params (string Key, string Value)[] settings)
    {
        var world = new World(await ServiceFixture.StartAsync(ApplicationsService.Definition, settings));
        if (call is not null && Definitions.Check(call).Problems.Count > 0) await world.PutAsync(call);
        else await world.PublishAsync(call ?? Call());
        return world;
    }

    /// <summary>On PostgreSQL in any case, where requests truly run side by side.</summary>
    public static async Task<World> StartOnPostgresAsync() => await StartAsync(settings: await PostgresServer.NewDatabaseAsync(ApplicationsService.Definition));

    public Task<int> PublishAsync(CallDefinition call) => Service.Db<ApplicationsDb, int>(db => CallPublishing.Publish(db, call, Service.Services.GetRequiredService<AppTime>()));

    /// <summary>Stores a call that breaks rules, as one that was published before there were such rules: what is published is shown for ever.</summary>
    public Task PutAsync(CallDefinition call) => Service.Db<ApplicationsDb>(async db =>
    {
        var bytes = CanonicalJson.Serialize(call);
        var moments = new[] { call.OpensAt, call.ClosesAt }.Select(local => Dates.TryInstant(local, call.TimeZone, out var at, out _) ? at : default).ToList();
        db.Add(new Call
        {
            Id = call.Id, Version = 1, DefinitionVersion = 1, Programme = call.Programme, ReferencePrefix = call.ReferencePrefix, OpensAt = moments[0], ClosesAt = moments[1],
            CloseDueAt = moments[1].AddSeconds(1),
        });
        db.Add(new CallVersion { CallId = call.Id, Number = 1, Definition = System.Text.Encoding.UTF8.GetString(bytes), DefinitionSha256 = CanonicalJson.Sha256Hex(bytes), PublishedAt = Clock.GetUtcNow() });
        db.Add(new ReferenceCounter { CallId = call.Id });
        await db.SaveChangesAsync();
    });

    public HttpClient As(Caller caller) => Service.Client(caller);

    public Task<TResult> Db<TResult>(Func<ApplicationsDb, Task<TResult>> read) => Service.Db(read);

    /// <summary>Makes a person known by event.</summary>
    public Task KnowAsync(Caller person, string email) => Service.DeliverAsync(new PersonChanged(person.PersonId, 1, Clock.GetUtcNow(), person.Name, email, "bs", true));

    /// <summary>Registers an organisation by form.</summary>
    public async Task<Guid> RegisterAsync(Caller by, string name = "Udruženje „Šljiva“ Žepče", string country = "BA")
    {
        var answer = await ServiceFixture.PostAsync(As(by), "/organisations/new", new
        {
            id = Guid.CreateVersion7(), name, number = "65-02-0012", country, street = "Ulica Prva", house = "12a", postcode = "72230", town = "Žepče",
        });
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return Guid.Parse(answer.Headers.Location!.ToString().Split('/')[^1]);
    }

    /// <summary>Starts a draft by form.</summary>
    public async Task<Guid> StartDraftAsync(Caller by, Guid organisation, Guid? call = null)
    {
        var answer = await ServiceFixture.PostAsync(As(by), $"/apply/{call ?? CallId}", new { organisation });
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return Guid.Parse(answer.Headers.Location!.ToString().Split('/')[^1]);
    }

    /// <summary>Fills in everything, so that the draft can be submitted.</summary>
    public async Task FillAsync(Caller by, Guid application, string title = "Klupa za sve", string problem = "U našoj općini nema mjesta za susret.")
    {
        var answer = await SaveAsync(by, application, new()
        {
            ["title"] = title, ["amount"] = "8.000,00", ["months"] = "6", ["starts"] = "1.3.2027", ["q-problem"] = problem, ["q-activities"] = "Radionice, susreti, klupa.",
        });
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await UploadAsync(by, application, "registration", "Rješenje o upisu.pdf", Pdf())).StatusCode);
    }

    /// <summary>Saves fields as the page would: with what it shows of each.</summary>
    public async Task<HttpResponseMessage> SaveAsync(Caller by, Guid application, Dictionary<string, string> fields)
    {
        foreach (var name in fields.Keys.ToList()) fields.TryAdd("token-" + name, await TokenAsync(application, name));
        return await ServiceFixture.PostAsync(As(by), $"/applications/{application}/draft", fields);
    }

    /// <summary>What a page loaded now would know of a field.</summary>
    public async Task<string> TokenAsync(Guid application, string field)
    {
        var stored = await Db(db => db.DraftFields.SingleOrDefaultAsync(found => found.ApplicationId == application && found.Field == field));
        return FieldToken.Of(stored?.Version ?? 0, stored?.Value ?? "").ToString();
    }

    public async Task<HttpResponseMessage> UploadAsync(Caller by, Guid application, string document, string fileName, byte[] content)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file-" + document, fileName } };
        return await As(by).PostAsync($"/applications/{application}/documents/{document}", form);
    }

    public Task<HttpResponseMessage> SubmitAsync(Caller by, Guid application) =>
        ServiceFixture.PostAsync(As(by), $"/applications/{application}/submission", new { declaration = "yes" });

    /// <summary>Organisation, draft, answers, submission: its id.</summary>
    public async Task<Guid> SubmittedAsync(Caller by, string name = "Udruženje „Šljiva“ Žepče")
    {
        var application = await StartDraftAsync(by, await RegisterAsync(by, name));
        await FillAsync(by, application);
        Assert.Equal($"/applications/{application}/receipt", (await SubmitAsync(by, application)).Headers.Location!.ToString());
        return application;
    }

    public async Task<Application> ApplicationAsync(Guid id) => await Db(db => db.Applications.SingleAsync(found => found.Id == id));

    public static byte[] Pdf(int size = 2000) => [.. Encoding.ASCII.GetBytes("%PDF-1.7\n"), .. new byte[size - 9]];

    /// <summary>The text of a page without markup.</summary>
    public static async Task<string> TextAsync(HttpResponseMessage answer) => Space().Replace(WebUtility.HtmlDecode(Markup().Replace(await answer.Content.ReadAsStringAsync(), " ")), " ");

    public async Task<string> PageAsync(Caller caller, string path, string language = "en")
    {
        var client = As(caller);
        client.DefaultRequestHeaders.Add("Cookie", $"lang={language}");
        var answer = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await TextAsync(answer);
    }

    public static Caller Person(string name) => new(Guid.CreateVersion7(), name, "en", []);

    public static Caller Staff(string name, string role, string scope) => new(Guid.CreateVersion7(), name, "en", [new HeldRole(role, scope)]);

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    public static CallDefinition Call(Guid? id = null, string zone = "Europe/Sarajevo", string closesAt = "2027-01-15T23:59:59") => (SampleCall.In("bs", "en", "mk") with
    {
        Id = id ?? CallId,
        Title = Text("Mali grantovi", "Small grants", "Мали грантови"),
        Summary = Text("Podrška lokalnim organizacijama.", "Support to local organisations.", "Поддршка за локални организации."),
        Objectives = [Text("Veze s građanima", "Ties with citizens", "Врски со граѓаните")],
        WhoMayApply = Text("Organizacije civilnog društva.", "Civil-society organisations.", "Граѓански организации."),
        Lead = "LDA Mostar",
        Partners = ["LDA Prijedor"],
        Payers = [new("LDA Mostar", ["BA", "MK"], "BAM")],
        Countries = ["BA", "MK"],
        Places = ["Mostar", "Žepče"],
        TimeZone = zone,
        Duration = new(1, 9, "", ""),
        Documents =
        [
            SampleCall.Document("registration", Text("Rješenje o upisu", "Registration certificate", "Решение за упис"), true),
            SampleCall.Document("budget", Text("Budžet", "Budget", "Буџет"), false),
        ],
    }).Closing(closesAt).Asking(
        SampleCall.Question("problem", Text("Koji problem rješavate?", "Which problem do you solve?", "Кој проблем го решавате?"), 500),
        SampleCall.Question("activities", Text("Šta ćete raditi?", "What will you do?", "Што ќе правите?"), 500))
        .Checking(SampleCall.Item("in-time", Text("Na vrijeme", "In time", "Навреме")), SampleCall.Item("complete", Text("Potpuna", "Complete", "Целосна")))
        .ScoredBy(SampleCall.Grid(600, SampleCall.Criterion("relevance", Text("Relevantnost", "Relevance", "Релевантност"), 100, 500, 2)));

    static Dictionary<string, string> Text(string bs, string en, string mk) => new() { ["bs"] = bs, ["en"] = en, ["mk"] = mk };

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Markup();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
