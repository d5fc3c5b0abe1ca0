using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Grants.Contracts.Accounts;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Contracts.Notifications;
using Grants.Contracts.Reviews;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Disbursements.Tests;

/// <summary>The service with one call, one grantee and its people; takes a grant as far as a test needs, through the pages only.</summary>
sealed partial class Life : IAsyncDisposable
{
    public const string GoodIban = "BA391290079401028494", Swapped = "BA391290079401028449";

    Life(ServiceFixture service) => Service = service;

    public ServiceFixture Service { get; }

    public Guid CallId { get; } = Guid.CreateVersion7();

    public Guid ApplicationId { get; } = Guid.CreateVersion7();

    public Guid OrganisationId { get; } = Guid.CreateVersion7();

    public Caller President { get; } = Person("Амела Ћурић");

    public Caller Volunteer { get; } = Person("Volunteer who may not sign");

    public Caller Stranger { get; } = Person("Somebody else");

    public Caller Officer { get; } = Person("Officer", Role.ProgrammeOfficer);

    public Caller DecisionMaker { get; } = Person("Decision-maker", Role.DecisionMaker);

    public Caller Finance1 { get; } = Person("Finance 1", Role.FinanceOfficer);

    public Caller Finance2 { get; } = Person("Finance 2", Role.FinanceOfficer);

    public Caller Finance3 { get; } = Person("Finance 3", Role.FinanceOfficer);

    public Caller Auditor { get; } = Person("Auditor", Role.Auditor);

    public static Caller Person(string name, params string[] roles) => new(Guid.CreateVersion7(), name, "en", [.. roles.Select(role => new HeldRole(role, "programme:L4C"))]);

    public static async Task<Life> StartAsync(params (string, string)[] settings) => new(await ServiceFixture.StartAsync(DisbursementsService.Definition, settings));

    /// <summary>Another call with another grantee in a service that runs.</summary>
    public static Life In(ServiceFixture service) => new(service);

    public DateTimeOffset Now => Service.Clock.GetUtcNow();

    public string GrantUrl => $"/grants/{ApplicationId}";

    public CallDefinition Definition(long budgetMinor = 100_000_00, int approvals = 2, string currency = "BAM") => Any(approvals, budgetMinor, currency) with { Id = CallId };

    public static CallDefinition Any(int approvals = 2, long budgetMinor = 100_000_00, string currency = "BAM") => (SampleCall.In("bs", "en") with
    {
        Title = new() { ["bs"] = "Mali grantovi", ["en"] = "Small grants" },
        Lead = "Agencija za lokalnu demokratiju",
        Currency = currency,
        Approvals = [new(null, approvals)],
    }).Budgeted(budgetMinor).Granting(1_00, 10_000_00).Opening("2026-11-01T09:00:00").Closing("2026-12-15T23:59:00");

    public CallPublished Published(CallDefinition definition, int version = 1)
    {
        var bytes = CanonicalJson.Serialize(definition);
        return new CallPublished(definition.Id, version, Now, version, Encoding.UTF8.GetString(bytes), CanonicalJson.Sha256Hex(bytes));
    }

    public OrganisationChanged Organisation(long version = 1, params OrganisationMember[] members) =>
        new(OrganisationId, version, Now, "Удружење «Нада» Требиње", "JIB 4510000000001", "Trebinje", "BA", members.Length > 0 ? members : Members);

    public OrganisationMember[] Members => [new(President.PersonId, true), new(Volunteer.PersonId, false)];

    public AwardDecided Award(long minor = 8_000_00, string currency = "BAM", Guid? applicationId = null, string reference = "L4C-2026-00042") => new(
        applicationId ?? ApplicationId, 5, Now, CallId, reference, OrganisationId, "Удружење «Нада» Требиње", "Čist grad {title}", new string('a', 64), minor, currency, "Good",
        DecisionMaker.PersonId, new string('b', 64));

    public NotificationDelivered Told(Guid? applicationId = null) => new(applicationId ?? ApplicationId, 1, Now, Guid.CreateVersion7(), "award", Officer.PersonId);

    public ApplicationWithdrawn Withdrawn(Guid? applicationId = null) =>
        new(applicationId ?? ApplicationId, 9, Now, CallId, "L4C-2026-00042", OrganisationId, "We found other money", President.PersonId);

    /// <summary>Seals an application with two lines of a budget, 7,000.00 and 2,500.00 of which 1,500.00 are added, and returns its hash.</summary>
    public async Task<string> SealAsync(Guid? applicationId = null, bool withBudget = true, params string[] partners)
    {
        var text = SampleCall.Text(["bs", "en"], "x");
        var dossier = new Dossier
        {
            Schema = Dossier.SchemaName,
            ApplicationId = applicationId ?? ApplicationId,
            DossierVersion = 1,
            SubmittedAt = "2026-12-01T10:00:00.000Z",
            SubmittedBy = President.PersonId,
            SubmittedByName = President.Name,
            Call = new(CallId, 1, new string('c', 64), "L4C", text, "2026-12-15T23:59:00", "Europe/Sarajevo"),
            Organisation = new(OrganisationId, "Удружење «Нада» Требиње", "JIB 4510000000001", "BA", "Glavna", "1", "89000", "Trebinje"),
            Title = "Čist grad",
            RequestedMinor = 8_000_00,
            Currency = "BAM",
            DurationMonths = 6,
            StartsOn = "",
            Answers = [],
            Partners = [.. partners.Select(name => new DossierPartner(null, name, "", "BA", "Mostar", "", ""))],
            Budget = withBudget ? new(
                [new("l1", "people", "Coordinator", "month", 7_00, 1_000_00, 7_000_00, 0), new("l2", "other", "Printing", "piece", 25_00, 100_00, 2_500_00, 0)],
                [new("people", SampleCall.Text(["bs", "en"], "People"), 7_000_00), new("other", SampleCall.Text(["bs", "en"], "Other"), 2_500_00)], 9_500_00, 1_500_00, 8_000_00) : null,
            Attachments = [],
            Declaration = text,
            Labels = [],
        };
        return (await Service.Services.GetRequiredService<FileStore>().PutAsync(FileArea.Dossiers, CanonicalJson.Serialize(dossier), default)).Sha256;
    }

    /// <summary>An awarded grant whose grantee has been told, in a call and with an award that a test changes.</summary>
    public static Task<Life> AwardedAsync(Func<CallDefinition, CallDefinition> call, Func<Life, AwardDecided, Task<AwardDecided>>? award = null) => AwardedAsync(8_000_00, 2, call, award);

    /// <summary>An awarded grant whose grantee has been told.</summary>
    public static Task<Life> AwardedAsync(long minor = 8_000_00, int approvals = 2, params (string, string)[] settings) => AwardedAsync(minor, approvals, null, null, settings);

    static async Task<Life> AwardedAsync(
        long minor, int approvals, Func<CallDefinition, CallDefinition>? change, Func<Life, AwardDecided, Task<AwardDecided>>? award, params (string, string)[] settings)
    {
        var life = await StartAsync(settings);
        var call = life.Definition(approvals: approvals);
        await life.Service.DeliverAsync(life.Published(change is null ? call : change(call)));
        await life.Service.DeliverAsync(life.Organisation());
        foreach (var person in new[] { life.President, life.Officer, life.DecisionMaker, life.Finance1, life.Finance2 })
            await life.Service.DeliverAsync(new PersonChanged(person.PersonId, 1, life.Now, person.Name, "x@example.org", "en", true));
        await life.Service.DeliverAsync(award is null ? life.Award(minor) : await award(life, life.Award(minor)));
        await life.Service.DeliverAsync(life.Told());
        return life;
    }

    public async Task<HttpResponseMessage> PostAsync(Caller caller, string url, object fields)
    {
        using var client = Service.Client(caller);
        return await ServiceFixture.PostAsync(client, url, fields);
    }

    public async Task<HttpResponseMessage> GetAsync(Caller caller, string url)
    {
        using var client = Service.Client(caller);
        return await client.GetAsync(new Uri(url, UriKind.Relative));
    }

    public async Task<string> PageAsync(Caller caller, string url, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await GetAsync(caller, url);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{url} answered {(int)answer.StatusCode}: {Words(html)}");
        return Words(html);
    }

    /// <summary>Posts and demands a redirect.</summary>
    public async Task<string> DoAsync(Caller caller, string url, object fields)
    {
        using var answer = await PostAsync(caller, url, fields);
        Assert.True(answer.StatusCode == HttpStatusCode.Found, $"{url} answered {(int)answer.StatusCode}: {Words(await answer.Content.ReadAsStringAsync())}");
        return answer.Headers.Location!.ToString();
    }

    /// <summary>Posts and demands a refusal with a page; returns its words.</summary>
    public async Task<string> RefusedAsync(Caller caller, string url, object fields, HttpStatusCode status = HttpStatusCode.UnprocessableEntity)
    {
        using var answer = await PostAsync(caller, url, fields);
        var words = Words(await answer.Content.ReadAsStringAsync());
        Assert.True(answer.StatusCode == status, $"{url} answered {(int)answer.StatusCode}: {words}");
        return words;
    }

    public object Account(string iban = GoodIban) => new { holder = "Удружење «Нада»", iban, bankName = "Prva banka", bic = "" };

    public Task GiveAccountAsync() => DoAsync(President, $"{GrantUrl}/account", Account());

    public async Task OfferAsync(string amount = "8000.00") => await DoAsync(Officer, $"{GrantUrl}/preparation", await OfferFieldsAsync(amount));

    public async Task<Dictionary<string, string>> OfferFieldsAsync(string amount) => new()
    {
        ["amount"] = amount,
        ["accountChecked"] = "yes",
        ["account"] = (await Db(db => db.AwardedGrants.Where(grant => grant.ApplicationId == ApplicationId).Select(grant => grant.BankAccountId).SingleAsync())).ToString()!,
    };

    public async Task<object> AcceptanceAsync(string name = "Amela Ćurić", string position = "Predsjednica") => new
    {
        fullName = name,
        position,
        accept = "yes",
        textSha256 = await Db(db => db.Agreements.Select(agreement => agreement.TextSha256).SingleAsync()),
    };

    public async Task AcceptAsync(Caller caller) => await DoAsync(caller, $"{GrantUrl}/agreement", await AcceptanceAsync());

    /// <summary>Takes the grant to an agreement in force; returns the first instalment.</summary>
    public async Task<Guid> InForceAsync(string amount = "8000.00")
    {
        await GiveAccountAsync();
        await OfferAsync(amount);
        await AcceptAsync(President);
        await AcceptAsync(DecisionMaker);
        return await Db(db => db.Instalments.Where(instalment => instalment.Number == 1).Select(instalment => instalment.Id).SingleAsync());
    }

    public Task ApproveAsync(Caller caller, Guid instalment) => DoAsync(caller, $"/payments/{instalment}/approval", new { });

    public Task<string> ListAsync(Caller caller) => DoAsync(caller, "/payments/lists", new { currency = "BAM" });

    /// <summary>Takes the first instalment onto a list; returns it.</summary>
    public async Task<Guid> ListedAsync()
    {
        var instalment = await InForceAsync();
        await ApproveAsync(Finance1, instalment);
        await ApproveAsync(Finance2, instalment);
        await ListAsync(Finance1);
        return instalment;
    }

    public Task SettleAsync(Guid instalment, string line = "14/3") => DoAsync(Finance2, $"/payments/{instalment}/settlement", new { statementLine = line, paidOn = "2027-01-04" });

    /// <summary>Takes the first instalment to paid; returns it.</summary>
    public async Task<Guid> PaidAsync()
    {
        var instalment = await ListedAsync();
        await SettleAsync(instalment);
        return instalment;
    }

    public Task<T> Db<T>(Func<DisbursementsDb, Task<T>> read) => Service.Db(read);

    public Task<Instalment> InstalmentAsync(Guid id) => Db(db => db.Instalments.AsNoTracking().SingleAsync(instalment => instalment.Id == id));

    public Task<GrantState> StateAsync() => Db(db => db.AwardedGrants.Where(grant => grant.ApplicationId == ApplicationId).Select(grant => grant.State).SingleAsync());

    public Task<LedgerCounters> CountersAsync(string account) => Db(async db => (await db.AccountAsync(account, default))!.Counters);

    public async Task AssertBooksAreRightAsync() => await Service.Db<DisbursementsDb>(async db =>
    {
        Assert.Empty(await LedgerAudit.FindAsync(db, null, default));
        Assert.Equal((0, 0), LedgerAudit.Sums(await db.LedgerAccounts.AsNoTracking().ToListAsync()));
    });

    /// <summary>What people read: without markup, no-break spaces as spaces.</summary>
    public static string Words(string html) => WebUtility.HtmlDecode(Space().Replace(Tag().Replace(html, " "), " ")).Replace('\u00A0', ' ');

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
