using Grants.Platform.Persistence;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews;

/// <summary>What the evaluation knows: its own cases, assignments and decisions, and copies of calls, people and organisations from events.</summary>
public abstract class ReviewsDb(DbContextOptions options) : ServiceDb(options)
{
    public DbSet<CallRecord> Calls => Set<CallRecord>();

    public DbSet<CallVersion> CallVersions => Set<CallVersion>();

    public DbSet<LotBudget> LotBudgets => Set<LotBudget>();

    public DbSet<ReviewCase> Cases => Set<ReviewCase>();

    public DbSet<EligibilityOutcome> EligibilityOutcomes => Set<EligibilityOutcome>();

    public DbSet<CasePartner> CasePartners => Set<CasePartner>();

    public DbSet<ConflictDeclaration> ConflictDeclarations => Set<ConflictDeclaration>();

    public DbSet<Withdrawal> Withdrawals => Set<Withdrawal>();

    public DbSet<Clarification> Clarifications => Set<Clarification>();

    public DbSet<Assignment> Assignments => Set<Assignment>();

    public DbSet<Recommendation> Recommendations => Set<Recommendation>();

    public DbSet<Decision> Decisions => Set<Decision>();

    public DbSet<Person> People => Set<Person>();

    public DbSet<EvaluatorGrant> EvaluatorGrants => Set<EvaluatorGrant>();

    public DbSet<Organisation> Organisations => Set<Organisation>();

    public DbSet<Member> Members => Set<Member>();

    protected override void Configure(ModelBuilder model)
    {
        CommitteeTables.Add(model);
        model.Entity<CallRecord>(e =>
        {
            e.ToTable("calls");
            e.HasKey(x => x.Id);
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Programme).HasMaxLength(40);
        });
        model.Entity<CallVersion>(e =>
        {
            e.ToTable("call_versions");
            e.HasKey(x => new { x.CallId, x.Version });
            e.Property(x => x.Sha256).HasMaxLength(64);
            e.IsImmutable();
        });
        model.Entity<LotBudget>(e =>
        {
            // The last word on over-award, whatever the code above it does: letters can never promise what is not there.
            e.ToTable("lot_budgets", table => table.HasCheckConstraint("ck_lot_budgets_awarded", "awarded_minor >= 0 and awarded_minor <= budget_minor"));
            e.HasKey(x => new { x.CallId, x.LotId });
            e.Property(x => x.LotId).HasMaxLength(80);
            e.Property(x => x.Currency).HasMaxLength(3);
        });
        model.Entity<ReviewCase>(e =>
        {
            e.ToTable("review_cases");
            e.HasKey(x => x.ApplicationId);
            e.Property(x => x.ApplicationId).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
            e.Property(x => x.Currency).HasMaxLength(3);
            e.Property(x => x.Lot).HasMaxLength(80);
            e.Property(x => x.DossierSha256).HasMaxLength(64);
            e.Property(x => x.DefinitionSha256).HasMaxLength(64);
            e.HasIndex(x => new { x.CallId, x.State });
            e.HasIndex(x => x.OrganisationId);
        });
        model.Entity<EligibilityOutcome>(e =>
        {
            e.ToTable("eligibility_outcomes");
            e.HasKey(x => x.ApplicationId);
            e.Property(x => x.ApplicationId).ValueGeneratedNever();
        });
        model.Entity<CasePartner>(e =>
        {
            e.ToTable("case_partners");
            e.HasKey(x => new { x.ApplicationId, x.Number });
            e.HasIndex(x => x.OrganisationId);
        });
        model.Entity<ConflictDeclaration>(e =>
        {
            e.ToTable("conflict_declarations");
            e.HasKey(x => x.Id);
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
            e.HasIndex(x => new { x.CallId, x.PersonId, x.PartyId }).IsUnique();
            e.HasIndex(x => x.PartyId);
        });
        model.Entity<Withdrawal>(e =>
        {
            e.ToTable("withdrawals");
            e.HasKey(x => x.ApplicationId);
            e.Property(x => x.ApplicationId).ValueGeneratedNever();
        });
        model.Entity<Clarification>(e =>
        {
            e.ToTable("clarifications");
            e.HasKey(x => x.Id);
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => x.ApplicationId);
            e.IsImmutable();
        });
        model.Entity<Assignment>(e =>
        {
            e.ToTable("assignments");
            e.HasKey(x => x.Id);
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
            e.HasIndex(x => new { x.ApplicationId, x.EvaluatorId }).IsUnique();
            e.HasIndex(x => new { x.EvaluatorId, x.State });
            e.HasMany(x => x.Scores).WithOne().HasForeignKey(x => x.AssignmentId);
        });
        model.Entity<Score>(e =>
        {
            e.ToTable("scores");
            e.HasKey(x => new { x.AssignmentId, x.CriterionId });
            e.Property(x => x.CriterionId).HasMaxLength(80);
        });
        model.Entity<Recommendation>(e =>
        {
            e.ToTable("recommendations");
            e.HasKey(x => x.Id);
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Currency).HasMaxLength(3);
            e.HasIndex(x => new { x.ApplicationId, x.Number }).IsUnique();
            e.IsImmutable();
        });
        model.Entity<Decision>(e =>
        {
            e.ToTable("decisions");
            e.HasKey(x => new { x.ApplicationId, x.Number });
            e.Property(x => x.Currency).HasMaxLength(3);
            e.Property(x => x.Sha256).HasMaxLength(64);
            e.IsImmutable();
        });
        model.Entity<Person>(e =>
        {
            e.ToTable("people");
            e.HasKey(x => x.Id);
            e.Property(x => x.Id).ValueGeneratedNever();
        });
        model.Entity<EvaluatorGrant>(e =>
        {
            e.ToTable("evaluator_grants");
            e.HasKey(x => x.RoleGrantId);
            e.Property(x => x.RoleGrantId).ValueGeneratedNever();
            e.HasIndex(x => x.PersonId);
        });
        model.Entity<Organisation>(e =>
        {
            e.ToTable("organisations");
            e.HasKey(x => x.Id);
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasMany(x => x.Members).WithOne().HasForeignKey(x => x.OrganisationId);
        });
        model.Entity<Member>(e =>
        {
            e.ToTable("organisation_members");
            e.HasKey(x => new { x.OrganisationId, x.PersonId });
            e.HasIndex(x => x.PersonId);
        });
    }
}

/// <summary>Owns the SQLite migrations.</summary>
public sealed class SqliteReviewsDb(DbContextOptions<SqliteReviewsDb> options) : ReviewsDb(options);

/// <summary>Owns the PostgreSQL migrations.</summary>
public sealed class PostgresReviewsDb(DbContextOptions<PostgresReviewsDb> options) : ReviewsDb(options);
