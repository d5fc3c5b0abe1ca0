using System.Net;
using System.Text;
using Grants.Contracts.Accounts;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Reviews.Domain;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Reviews.Tests;

/// <summary>The service with one call and the people around it. Everything arrives as it does in life: by events, each delivered twice.</summary>
sealed class World : IAsyncDisposable
{
    static readonly DateTimeOffset Early = new(2026, 12, 1, 8, 0, 0, TimeSpan.Zero);

    World(ServiceFixture service, CallDefinition call)
    {
        Service = service;
        Call = call;
    }

    public ServiceFixture Service { get; }

    public CallDefinition Call { get; }

    public Caller Officer { get; } = Person("Selma Hodžić", Role.ProgrammeOfficer);

    public Caller Amra { get; } = Person("Amra Begić", Role.Evaluator);

    public Caller Ivan { get; } = Person("Ivan Marić", Role.Evaluator);

    public Caller Zoran { get; } = Person("Zoran Petrović", Role.Evaluator);

    public Caller CommitteeMember { get; } = Person("Lejla Softić", Role.CommitteeMember);

    public Caller Chair { get; } = Person("Marko Jurić", Role.Chair);

    public Caller Decider { get; } = Person("Jasna Vuković", Role.DecisionMaker);

    public Caller Auditor { get; } = Person("Anne Keller", Role.Auditor);

    public static Caller Person(string name, params string[] roles) => new(Guid.CreateVersion7(), name, "en", [.. roles.Select(role => new HeldRole(role, "programme:L4C"))]);

    /// <summary>Starts the service and tells it of the call and the evaluators.</summary>
    public static Task<World> StartAsync(long budget = 1_000_000, int evaluators = 2, params (string, string)[] settings) =>
        StartAsync(Sample.Definition(budget: budget, evaluators: evaluators), settings);

    /// <summary>The same with a call of the test's own.</summary>
    public static async Task<World> StartAsync(CallDefinition call, params (string, string)[] settings)
    {
        var world = new World(await ServiceFixture.StartAsync(ReviewsService.Definition, settings), call);
        await world.Service.DeliverAsync(Published(world.Call, 1));
        foreach (var evaluator in new[] { world.Amra, world.Ivan, world.Zoran })
        {
            await world.Service.DeliverAsync(Changed(evaluator));
            await world.Service.DeliverAsync(new RoleGranted(evaluator.PersonId, 2, Early, Guid.CreateVersion7(), Role.Evaluator, "programme:L4C"));
        }

        return world;
    }

    public static CallPublished Published(CallDefinition call, int version)
    {
        var bytes = CanonicalJson.Serialize(call);
        return new CallPublished(call.Id, version, Early, version, Encoding.UTF8.GetString(bytes), CanonicalJson.Sha256Hex(bytes));
    }

    public static PersonChanged Changed(Caller person, long version = 1, string? name = null) =>
        new(person.PersonId, version, Early, name ?? person.Name, "somebody@example.org", "bs", true);

    /// <summary>A submission whose dossier is in the file store; nothing is delivered.</summary>
    public async Task<ApplicationSubmitted> SubmissionAsync(
        string name = "Udruženje \"Nada\" Berkovići", long requested = 800_000, Guid? organisation = null, string answer = "U našoj općini nema prostora za mlade.",
        string language = "bs", string? lot = null, params IReadOnlyList<ApplicationPartner> partners)
    {
        var id = Guid.CreateVersion7();
        var published = Published(Call, 1);
        var files = Service.Services.GetRequiredService<FileStore>();
        var attachment = await files.PutAsync(FileArea.Attachments, Encoding.UTF8.GetBytes("%PDF-1.7 " + id), default);
        var organisationId = organisation ?? Guid.CreateVersion7();
        var dossier = new Dossier
        {
            Schema = Dossier.SchemaName,
            ApplicationId = id,
            DossierVersion = 1,
            SubmittedAt = "2027-01-10T10:00:00.000Z",
            SubmittedBy = Guid.CreateVersion7(),
            SubmittedByName = "Nada Kovač",
            Call = new(Call.Id, 1, published.DefinitionSha256, Call.Programme, Call.Title, Call.ClosesAt, Call.TimeZone),
            Organisation = new(organisationId, name, "4400000000001", "BA", "Glavna", "1", "88363", "Berkovići"),
            Title = "Prostor za mlade",
            RequestedMinor = requested,
            Currency = "BAM",
            DurationMonths = 8,
            StartsOn = "2027-04-01",
            Answers = [new("problem", new() { ["en"] = "The problem" }, answer)],
            Attachments = [new("registration", new() { ["en"] = "Registration" }, "rješenje.pdf", "application/pdf", attachment.Length, attachment.Sha256)],
            Declaration = new() { ["en"] = "All of this is true." },
            Labels = [],
        };
        var stored = await files.PutAsync(FileArea.Dossiers, CanonicalJson.Serialize(dossier), default);
        return new ApplicationSubmitted(
            id, 3, new DateTimeOffset(2027, 1, 10, 10, 0, 0, TimeSpan.Zero), Call.Id, 1, published.DefinitionSha256, $"L4C-2026-{id.ToString()[^5..]}", 1, stored.Sha256,
            organisationId, name, dossier.Title, requested, "BAM", dossier.SubmittedBy, lot, Country: "BA", Language: language, Partners: partners);
    }

    /// <summary>The check's outcome of a submission.</summary>
    public EligibilityDecided Decided(ApplicationSubmitted submitted, bool eligible, string reason = "Everything is there.") =>
        new(submitted.ApplicationId, 4, new DateTimeOffset(2027, 1, 12, 9, 0, 0, TimeSpan.Zero), Call.Id, eligible, reason, Officer.PersonId);

    /// <summary>News of the organisation that applies.</summary>
    public static OrganisationChanged Of(ApplicationSubmitted submitted, long version, params Guid[] members) => new(
        submitted.OrganisationId, version, Early, submitted.OrganisationName, "", "Mostar", "BA", [.. members.Select(member => new OrganisationMember(member, true))]);

    /// <summary>An eligible application that waits for evaluators.</summary>
    public async Task<ApplicationSubmitted> ReadyAsync(
        string name = "Udruženje \"Nada\" Berkovići", long requested = 800_000, Guid? organisation = null, string? lot = null)
    {
        var submitted = await SubmissionAsync(name, requested, organisation, lot: lot);
        // Without its members nobody can be told to be independent of it.
        await Service.DeliverAsync(Of(submitted, 0));
        await Service.DeliverAsync(submitted);
        await Service.DeliverAsync(Decided(submitted, eligible: true));
        foreach (var person in new[] { Amra, Ivan, Zoran, CommitteeMember, Chair })
            await SeeOtherAsync(person, ListPath, new Dictionary<string, string> { [$"listed-{submitted.OrganisationId}"] = "yes", ["confirm"] = "yes" });
        return submitted;
    }

    /// <summary>Where people declare about the organisations in the call.</summary>
    public string ListPath => $"/reviews/calls/{Call.Id}/conflicts";

    /// <summary>Somebody declares about every organisation of the call that is new to them: no conflict but with those named.</summary>
    public async Task DeclareAboutAsync(Caller person, params (Guid Party, string Reason)[] conflicts)
    {
        var asked = System.Text.RegularExpressions.Regex.Matches(await PageAsync(person, ListPath), "name=\"listed-([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
        if (asked.Count == 0) return;
        var fields = asked.ToDictionary(party => $"listed-{party}", _ => "yes");
        fields["confirm"] = "yes";
        foreach (var (party, reason) in conflicts) (fields[$"conflict-{party}"], fields[$"reason-{party}"]) = ("yes", reason);
        await SeeOtherAsync(person, ListPath, fields);
    }

    /// <summary>An application with all reviews in: every evaluator gives the same points for each criterion.</summary>
    public async Task<ApplicationSubmitted> ReviewedAsync(
        string name = "Udruženje \"Nada\" Berkovići", long requested = 800_000, int points = 400, Guid? organisation = null, string? lot = null)
    {
        var submitted = await ReadyAsync(name, requested, organisation, lot);
        foreach (var evaluator in new[] { Amra, Ivan }.Take(Call.FinalEvaluation.Evaluators)) await ReviewAsync(await AssignAsync(submitted, evaluator), evaluator, points);
        return submitted;
    }

    /// <summary>A reviewed application with the chair's recommendation to fund what was asked for, after the close of the call.</summary>
    public async Task<ApplicationSubmitted> RecommendedAsync(string name = "Udruženje \"Nada\" Berkovići", long requested = 800_000, bool fund = true)
    {
        var submitted = await ReviewedAsync(name, requested);
        await CloseAsync();
        await SeeOtherAsync(Chair, $"/ranking/{Call.Id}/applications/{submitted.ApplicationId}", new
        {
            fund = fund ? "yes" : "no",
            amount = $"{requested / 100}",
            reason = "The committee found it convincing.",
        });
        return submitted;
    }

    public Task CloseAsync() => Service.DeliverAsync(new CallClosed(Call.Id, 9, new DateTimeOffset(2027, 1, 16, 0, 0, 0, TimeSpan.Zero)));

    public async Task<Guid> AssignAsync(ApplicationSubmitted submitted, Caller evaluator)
    {
        await SeeOtherAsync(Officer, $"/reviews/assign/{submitted.ApplicationId}", new { evaluator = evaluator.PersonId, reason = "" });
        return await Service.Db<ReviewsDb, Guid>(db =>
            db.Assignments.Where(one => one.ApplicationId == submitted.ApplicationId && one.EvaluatorId == evaluator.PersonId).Select(one => one.Id).SingleAsync());
    }

    /// <summary>About the organisations first, then about the application.</summary>
    public async Task DeclareAsync(Guid assignment, Caller evaluator)
    {
        await DeclareAboutAsync(evaluator);
        await SeeOtherAsync(evaluator, $"/reviews/{assignment}/declaration", new { declaration = "none", reason = "" });
    }

    public async Task ReviewAsync(Guid assignment, Caller evaluator, int points)
    {
        await DeclareAsync(assignment, evaluator);
        await SeeOtherAsync(evaluator, $"/reviews/{assignment}/scores", Scores(points.ToString()));
        await SeeOtherAsync(evaluator, $"/reviews/{assignment}/submission", new { });
    }

    /// <summary>All fields of the scoring form.</summary>
    public static Dictionary<string, string> Scores(string points, string comment = "Because.") => new()
    {
        ["points-needs"] = points,
        ["comment-needs"] = comment,
        ["points-design"] = points,
        ["comment-design"] = comment,
        ["points-budget"] = points,
        ["comment-budget"] = comment,
        ["then"] = "check",
    };

    public async Task<ReviewCase> CaseAsync(ApplicationSubmitted submitted) =>
        await Service.Db<ReviewsDb, ReviewCase>(db => db.Cases.SingleAsync(one => one.ApplicationId == submitted.ApplicationId));

    public Task<Assignment> AssignmentAsync(Guid id) =>
        Service.Db<ReviewsDb, Assignment>(db => db.Assignments.Include(one => one.Scores).SingleAsync(one => one.Id == id));

    public Task<HttpResponseMessage> GetAsync(Caller caller, string path) => Service.Client(caller).GetAsync(new Uri(path, UriKind.Relative));

    public Task<HttpResponseMessage> PostAsync(Caller caller, string path, object fields) => ServiceFixture.PostAsync(Service.Client(caller), path, fields);

    /// <summary>The page, which must be there.</summary>
    public async Task<string> PageAsync(Caller caller, string path)
    {
        var answer = await GetAsync(caller, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A post that must succeed: it redirects.</summary>
    public async Task SeeOtherAsync(Caller caller, string path, object fields)
    {
        var answer = await PostAsync(caller, path, fields);
        Assert.True(answer.StatusCode == HttpStatusCode.Found, $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>A post that must be refused, with the page that says why.</summary>
    public async Task<string> RefusedAsync(Caller caller, string path, object fields, HttpStatusCode status = HttpStatusCode.UnprocessableEntity)
    {
        var answer = await PostAsync(caller, path, fields);
        Assert.Equal(status, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
