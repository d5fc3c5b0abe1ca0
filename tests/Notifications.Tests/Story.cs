using System.Text;
using Grants.Contracts.Accounts;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Contracts.Disbursements;
using Grants.Contracts.Reviews;
using Grants.Notifications.Domain;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Notifications.Tests;

/// <summary>One application with everybody around it, and the events of its life; each delivery is made twice.</summary>
sealed class Story : IAsyncDisposable
{
    public const string Reference = "L4C-2026-00042", Title = "Čista rijeka, naša briga", Association = "Udruženje „Nada“ Berkovići", Reason = "Strong partnership with the municipality.";

    readonly Guid agreementHolder = Guid.CreateVersion7();
    long version;

    Story(ServiceFixture service) => Service = service;

    public ServiceFixture Service { get; }

    public Guid CallId { get; } = Guid.CreateVersion7();

    public Guid OrganisationId { get; } = Guid.CreateVersion7();

    public Guid ApplicationId { get; } = Guid.CreateVersion7();

    public Guid AssignmentId { get; } = Guid.CreateVersion7();

    public Guid InstalmentId { get; } = Guid.CreateVersion7();

    public Caller Applicant { get; } = Person();

    public Caller Colleague { get; } = Person();

    public Caller Stranger { get; } = Person();

    public Caller Officer { get; } = Person(new HeldRole(Role.ProgrammeOfficer, "programme:L4C"));

    public Caller OfficerElsewhere { get; } = Person(new HeldRole(Role.ProgrammeOfficer, "programme:ALTER"));

    public Caller Evaluator { get; } = Person(new HeldRole(Role.Evaluator, "*"));

    public Caller Chair { get; } = Person(new HeldRole(Role.Chair, "programme:L4C"));

    public Caller DecisionMaker { get; } = Person(new HeldRole(Role.DecisionMaker, "country:BA"));

    public Caller Finance { get; } = Person(new HeldRole(Role.FinanceOfficer, "*"));

    public Caller OtherFinance { get; } = Person(new HeldRole(Role.FinanceOfficer, "*"));

    public Caller Auditor { get; } = Person(new HeldRole(Role.Auditor, "*"));

    public IEnumerable<Caller> Outsiders => [Stranger, OfficerElsewhere, Evaluator];

    public static async Task<Story> BeginAsync(params (string, string)[] settings) => new(await ServiceFixture.StartAsync(NotificationsService.Definition, settings));

    /// <summary>The same with something of the test's own in the container.</summary>
    public static async Task<Story> BeginAsync(Action<IServiceCollection> register) => new(await ServiceFixture.StartAsync(NotificationsService.Definition, register));

    /// <summary>A story in which the call, the organisation and the application are known.</summary>
    public static async Task<Story> SubmittedAsync()
    {
        var story = await BeginAsync();
        await story.Deliver(story.CallPublished());
        await story.Deliver(story.OrganisationChanged());
        await story.Deliver(story.Submitted());
        return story;
    }

    /// <summary>A story whose award letter is held.</summary>
    public static async Task<Story> AwardedAsync(string reason = Reason)
    {
        var story = await SubmittedAsync();
        await story.Deliver(story.Eligible());
        await story.Deliver(story.Awarded(reason));
        return story;
    }

    public Task Deliver<TMessage>(TMessage message) where TMessage : class, Contracts.IEvent => Service.DeliverAsync(message);

    public HttpClient As(Caller caller) => Service.Client(caller);

    public static Caller Person(params HeldRole[] roles) => new(Guid.CreateVersion7(), "Amina Šarić", "en", roles);

    public async Task<string> Inbox(Caller caller) => await As(caller).GetStringAsync(new Uri("/inbox", UriKind.Relative));

    public async Task<int> Count(Caller caller)
    {
        var json = await As(caller).GetStringAsync(new Uri("/inbox/count", UriKind.Relative));
        return System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("count").GetInt32();
    }

    public Task<List<InboxItem>> Items(string template) => Service.Db<NotificationsDb, List<InboxItem>>(db => db.Items.Where(item => item.Template == template).ToListAsync());

    public async Task<InboxItem> Item(string template) => Assert.Single(await Items(template));

    public Task<List<Letter>> Letters() => Service.Db<NotificationsDb, List<Letter>>(db => db.Letters.OrderBy(letter => letter.DecisionVersion).ToListAsync());

    public DateTimeOffset Now => Service.Clock.GetUtcNow();

    public CallPublished CallPublished(int evaluators = 1, Guid? callId = null)
    {
        var json = Encoding.UTF8.GetString(CanonicalJson.Serialize(Definition(callId ?? CallId, evaluators)));
        return new(callId ?? CallId, ++version, Now, 1, json, CanonicalJson.Sha256Hex(Encoding.UTF8.GetBytes(json)));
    }

    public OrganisationChanged OrganisationChanged(long? at = null, params Caller[] members) => new(
        OrganisationId, at ?? ++version, Now, Association, "65-12/2014", "Berkovići", "BA",
        [.. (members.Length > 0 ? members : [Applicant, Colleague]).Select((member, index) => new OrganisationMember(member.PersonId, index == 0))]);

    public ApplicationSubmitted Submitted(Guid? applicationId = null, string title = Title) => new(
        applicationId ?? ApplicationId, ++version, Now, CallId, 1, "hash", Reference, 1, "dossier", OrganisationId, Association, title, 800_000, "BAM", Applicant.PersonId);

    public EligibilityDecided Eligible(bool eligible = true, Guid? applicationId = null) =>
        new(applicationId ?? ApplicationId, ++version, Now, CallId, eligible, "complete", Officer.PersonId);

    public ReviewsAssigned Assigned(Guid? assignmentId = null, Caller? evaluator = null) =>
        new(ApplicationId, ++version, Now, CallId, assignmentId ?? AssignmentId, (evaluator ?? Evaluator).PersonId, Officer.PersonId);

    public ReviewSubmitted Reviewed(bool conflict = false) => new(ApplicationId, ++version, Now, CallId, AssignmentId, Evaluator.PersonId, conflict);

    public CallClosed Closed() => new(CallId, ++version, Now);

    public RankingRecommended Recommended(Guid? applicationId = null) =>
        new(applicationId ?? ApplicationId, ++version, Now, CallId, true, 640_000, "BAM", Chair.PersonId);

    public AwardDecided Awarded(string reason = Reason, string title = Title, string organisation = Association) => new(
        ApplicationId, ++version, Now, CallId, Reference, OrganisationId, organisation, title, "dossier", 640_000, "BAM", reason, DecisionMaker.PersonId, "decision");

    public ApplicationRejected Rejected(string reason = Reason) =>
        new(ApplicationId, ++version, Now, CallId, Reference, OrganisationId, Association, Title, reason, DecisionMaker.PersonId, "decision");

    public AgreementOffered Offered() => new(ApplicationId, ++version, Now, CallId, OrganisationId, "L4C-2026-00042/1", "text", 640_000, "BAM");

    public AgreementSigned Signed(string side, bool inForce) => new(ApplicationId, ++version, Now, CallId, OrganisationId, side, agreementHolder, "text", inForce);

    public InstalmentRequested Requested() => new(ApplicationId, ++version, Now, CallId, InstalmentId, 1, 512_000, "BAM");

    public PaymentApproved Approved(Caller by, int approvals, bool complete) => new(ApplicationId, ++version, Now, CallId, InstalmentId, by.PersonId, approvals, complete);

    public PaymentSettled Settled() => new(ApplicationId, ++version, Now, CallId, OrganisationId, InstalmentId, 512_000, "BAM", new DateOnly(2027, 3, 9));

    public PaymentFailed Failed(string reason = "wrong account of Mr. X") =>
        new(ApplicationId, ++version, Now, CallId, OrganisationId, InstalmentId, 512_000, "BAM", reason, Finance.PersonId);

    public AwardLapsed Lapsed(string cause = "expired") => new(ApplicationId, ++version, Now, CallId, OrganisationId, 640_000, "BAM", cause, "in time", null);

    public ApplicationWithdrawn Withdrawn() => new(ApplicationId, ++version, Now, CallId, Reference, OrganisationId, "no staff", Applicant.PersonId);

    public ClarificationAsked Asked(Guid id, string question = "Which municipality?") =>
        new(ApplicationId, ++version, Now, CallId, Reference, OrganisationId, id, question, Now.AddDays(5), Officer.PersonId);

    public ClarificationAnswered Answered(Guid id, bool inTime = true) => new(
        ApplicationId, ++version, Now, CallId, Reference, OrganisationId, id, "Which municipality?", inTime ? "Berkovići" : "", Officer.PersonId, inTime ? Applicant.PersonId : null);

    public DraftDeadlineNear DraftDue() => new(ApplicationId, ++version, Now, CallId, OrganisationId, Title, Now.AddHours(48));

    public PutOnReserve Reserved(Findings? findings = null, string reason = Reason) => new(
        ApplicationId, ++version, Now, CallId, Reference, OrganisationId, Association, Title, 3, reason, DecisionMaker.PersonId, "decision", findings);

    /// <summary>The account of somebody: address and language.</summary>
    public PersonChanged Account(Caller person, string email, string language = "en", bool active = true, string name = "Amina Šarić") =>
        new(person.PersonId, ++version, Now, name, email, language, active);

    public static MailWithSecretRequested MailRequested(string template = "confirm-email", string language = "en", string link = "/account/confirm?token=s3cret") =>
        new(Guid.CreateVersion7(), 1, DateTimeOffset.UnixEpoch, template, "amina@example.org", "Amina Šarić", language, link);

    public async Task<HttpResponseMessage> Release(Caller caller, Guid letterId)
    {
        var client = As(caller);
        var page = await (await client.GetAsync(new Uri($"/mails/letters/{letterId}", UriKind.Relative))).Content.ReadAsStringAsync();
        var mark = page.IndexOf("name=\"seen\" value=\"", StringComparison.Ordinal);
        var seen = mark < 0 ? "" : page.Substring(mark + 19, 64);
        return await ServiceFixture.PostAsync(client, $"/mails/letters/{letterId}/release", new { seen });
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    static CallDefinition Definition(Guid id, int evaluators) => (SampleCall.In("bs", "en") with
    {
        Id = id,
        Title = new() { ["bs"] = "Mali grantovi 2026", ["en"] = "Small grants 2026" },
        Lead = "Agencija za lokalnu demokratiju",
        Instalments = [new(10_000, "agreement-in-force")],
    }).ScoredBy(SampleCall.Grid(6000), evaluators);
}
