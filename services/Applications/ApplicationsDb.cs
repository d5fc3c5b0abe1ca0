using Grants.Applications.Domain;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications;

/// <summary>What Applications owns: calls, organisations, drafts, sealed applications, checks, timelines.</summary>
public class ApplicationsDb(DbContextOptions options) : ServiceDb(options)
{
    public DbSet<Call> Calls => Set<Call>();

    public DbSet<CallVersion> CallVersions => Set<CallVersion>();

    public DbSet<CallDraft> CallDrafts => Set<CallDraft>();

    public DbSet<Organisation> Organisations => Set<Organisation>();

    public DbSet<Membership> Memberships => Set<Membership>();

    public DbSet<Person> People => Set<Person>();

    public DbSet<Application> Applications => Set<Application>();

    public DbSet<DraftField> DraftFields => Set<DraftField>();

    public DbSet<DraftDocument> DraftDocuments => Set<DraftDocument>();

    public DbSet<BudgetRow> BudgetRows => Set<BudgetRow>();

    public DbSet<Partner> Partners => Set<Partner>();

    public DbSet<SupersededDossier> SupersededDossiers => Set<SupersededDossier>();

    public DbSet<ReferenceCounter> ReferenceCounters => Set<ReferenceCounter>();

    public DbSet<RefusedAttempt> RefusedAttempts => Set<RefusedAttempt>();

    public DbSet<EligibilityCheck> EligibilityChecks => Set<EligibilityCheck>();

    public DbSet<CheckField> CheckFields => Set<CheckField>();

    public DbSet<Clarification> Clarifications => Set<Clarification>();

    public DbSet<RegisteredArrival> RegisteredArrivals => Set<RegisteredArrival>();

    public DbSet<TimelineEntry> TimelineEntries => Set<TimelineEntry>();

    protected override void Configure(ModelBuilder model)
    {
        model.Entity<Call>(e =>
        {
            e.ToTable("calls");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
            e.HasIndex(x => x.CloseDueAt);
        });
        model.Entity<CallVersion>(e =>
        {
            e.ToTable("call_versions");
            e.HasKey(x => new { x.CallId, x.Number });
            e.IsImmutable();
        });
        model.Entity<CallDraft>(e =>
        {
            e.ToTable("call_drafts");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
            // A second click on "amend" goes on with the first draft instead of beginning another.
            e.HasIndex(x => x.CallId).IsUnique();
        });
        model.Entity<Organisation>(e =>
        {
            e.ToTable("organisations");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
            e.HasIndex(x => x.NumberNormal);
            e.HasMany(x => x.Members).WithOne().HasForeignKey(x => x.OrganisationId);
        });
        model.Entity<Membership>(e =>
        {
            e.ToTable("memberships");
            e.HasKey(x => new { x.OrganisationId, x.PersonId });
            e.HasIndex(x => x.PersonId);
        });
        model.Entity<Person>(e =>
        {
            e.ToTable("people");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => x.Email);
        });
        model.Entity<Application>(e =>
        {
            e.ToTable("applications");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
            e.Property(x => x.DraftRevision).IsConcurrencyToken();
            // One application of an organisation in a call: a second click resumes the first draft instead of beginning another.
            e.HasIndex(x => new { x.CallId, x.OrganisationId }).IsUnique();
            e.HasIndex(x => x.Reference).IsUnique();
            e.HasIndex(x => x.OrganisationId);
            e.HasIndex(x => x.CopyId);
            e.HasIndex(x => new { x.CallId, x.State, x.Reference });
        });
        model.Entity<DraftField>(e =>
        {
            e.ToTable("draft_fields");
            e.HasKey(x => new { x.ApplicationId, x.Field });
            e.Property(x => x.Version).IsConcurrencyToken();
        });
        model.Entity<DraftDocument>(e =>
        {
            e.ToTable("draft_documents");
            e.HasKey(x => new { x.ApplicationId, x.DocumentId });
            // Asked for every second by the checks, and for each file by the sweep.
            e.HasIndex(x => x.State);
            e.HasIndex(x => x.Sha256);
        });
        model.Entity<BudgetRow>(e =>
        {
            e.ToTable("budget_rows");
            e.HasKey(x => new { x.ApplicationId, x.Id });
            e.Property(x => x.Version).IsConcurrencyToken();
        });
        model.Entity<Partner>(e =>
        {
            e.ToTable("partners");
            e.HasKey(x => new { x.ApplicationId, x.Id });
            // An organisation takes part once in an application, however often it is added.
            e.HasIndex(x => new { x.ApplicationId, x.OrganisationId }).IsUnique();
            e.HasIndex(x => x.OrganisationId);
        });
        model.Entity<SupersededDossier>(e =>
        {
            e.ToTable("superseded_dossiers");
            e.HasKey(x => new { x.ApplicationId, x.DossierVersion });
            e.HasIndex(x => x.DossierSha256);
            e.IsImmutable();
        });
        model.Entity<ReferenceCounter>(e =>
        {
            e.ToTable("reference_counters");
            e.HasKey(x => x.CallId);
            e.Property(x => x.CallId).ValueGeneratedNever();
        });
        model.Entity<RefusedAttempt>(e =>
        {
            e.ToTable("refused_attempts");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => new { x.CallId, x.At });
            e.IsImmutable();
        });
        model.Entity<EligibilityCheck>(e =>
        {
            e.ToTable("eligibility_checks");
            e.HasKey(x => x.ApplicationId);
            e.Property(x => x.ApplicationId).ValueGeneratedNever();
            e.IsImmutable();
        });
        CheckTables.Add(model);
        model.Entity<TimelineEntry>(e =>
        {
            e.ToTable("timeline_entries");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => new { x.ApplicationId, x.At });
            e.IsImmutable();
        });
    }
}

/// <summary>Owns the SQLite migrations.</summary>
public sealed class SqliteApplicationsDb(DbContextOptions<SqliteApplicationsDb> options) : ApplicationsDb(options);

/// <summary>Owns the PostgreSQL migrations.</summary>
public sealed class PostgresApplicationsDb(DbContextOptions<PostgresApplicationsDb> options) : ApplicationsDb(options);

sealed class SqliteApplicationsFactory : DesignTimeFactory<SqliteApplicationsDb>;

sealed class PostgresApplicationsFactory : DesignTimeFactory<PostgresApplicationsDb>;
