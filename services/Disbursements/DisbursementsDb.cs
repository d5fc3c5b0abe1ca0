using Grants.Disbursements.Domain;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements;

/// <summary>The service's database. The CHECK constraints are the second net under the rules of the domain: money is never moved by code alone.</summary>
public abstract class DisbursementsDb(DbContextOptions options) : ServiceDb(options)
{
    public DbSet<CallVersion> CallVersions => Set<CallVersion>();

    public DbSet<Organisation> Organisations => Set<Organisation>();

    public DbSet<OrganisationPerson> OrganisationPeople => Set<OrganisationPerson>();

    public DbSet<Person> People => Set<Person>();

    public DbSet<AwardLetter> AwardLetters => Set<AwardLetter>();

    public DbSet<Grant> AwardedGrants => Set<Grant>();

    public DbSet<GrantEnd> GrantEnds => Set<GrantEnd>();

    public DbSet<Withdrawal> Withdrawals => Set<Withdrawal>();

    public DbSet<BudgetCorrection> BudgetCorrections => Set<BudgetCorrection>();

    public DbSet<CorrectedLine> CorrectedLines => Set<CorrectedLine>();

    public DbSet<BudgetAcceptance> BudgetAcceptances => Set<BudgetAcceptance>();

    public DbSet<GranteeDocument> Documents => Set<GranteeDocument>();

    public DbSet<BankAccount> BankAccounts => Set<BankAccount>();

    public DbSet<Agreement> Agreements => Set<Agreement>();

    public DbSet<AgreementAcceptance> Acceptances => Set<AgreementAcceptance>();

    public DbSet<Instalment> Instalments => Set<Instalment>();

    public DbSet<PaymentApproval> Approvals => Set<PaymentApproval>();

    public DbSet<PaymentList> PaymentLists => Set<PaymentList>();

    public DbSet<PaymentLine> PaymentLines => Set<PaymentLine>();

    public DbSet<PaymentReturn> PaymentReturns => Set<PaymentReturn>();

    public DbSet<Repayment> Repayments => Set<Repayment>();

    public DbSet<StatementLine> StatementLines => Set<StatementLine>();

    public DbSet<LedgerAccount> LedgerAccounts => Set<LedgerAccount>();

    public DbSet<LedgerTransfer> LedgerTransfers => Set<LedgerTransfer>();

    public DbSet<Incident> Incidents => Set<Incident>();

    protected override void Configure(ModelBuilder model)
    {
        ConfigureCopies(model);
        ConfigureGrants(model);
        ConfigurePayments(model);
        ConfigureStatements(model);
        ConfigureLedger(model);
    }

    static void ConfigureCopies(ModelBuilder model)
    {
        model.Entity<CallVersion>(e =>
        {
            e.ToTable("call_versions");
            e.HasKey(x => new { x.CallId, x.Version });
            e.IsImmutable();
        });
        model.Entity<Organisation>(e =>
        {
            e.ToTable("organisations");
            e.Property(x => x.Id).ValueGeneratedNever();
        });
        model.Entity<OrganisationPerson>(e =>
        {
            e.ToTable("organisation_people");
            e.HasKey(x => new { x.OrganisationId, x.PersonId });
            e.HasIndex(x => x.PersonId);
        });
        model.Entity<Person>(e =>
        {
            e.ToTable("people");
            e.Property(x => x.Id).ValueGeneratedNever();
        });
        model.Entity<AwardLetter>(e =>
        {
            e.ToTable("award_letters");
            e.HasKey(x => x.ApplicationId);
            e.Property(x => x.ApplicationId).ValueGeneratedNever();
        });
    }

    static void ConfigureGrants(ModelBuilder model)
    {
        model.Entity<Grant>(e =>
        {
            e.ToTable("grants", t => t.HasCheckConstraint("ck_grants_agreed", "awarded_minor > 0 and (corrected_minor is null or (corrected_minor > 0 and corrected_minor < awarded_minor)) and (agreed_minor is null or (agreed_minor > 0 and agreed_minor <= coalesce(corrected_minor, awarded_minor)))"));
            e.HasKey(x => x.ApplicationId);
            e.Property(x => x.ApplicationId).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
            e.Ignore(x => x.Awarded).Ignore(x => x.Agreed).Ignore(x => x.Grantable).Ignore(x => x.IsBeforeInForce);
            e.HasIndex(x => x.CallId);
            e.HasIndex(x => x.OrganisationId);
            e.HasIndex(x => x.AnswerDueAt);
        });
        model.Entity<GrantEnd>(e =>
        {
            e.ToTable("grant_ends", t => t.HasCheckConstraint("ck_grant_ends_released", "released_minor >= 0"));
            // The key is the grant: it ends once.
            e.HasKey(x => x.ApplicationId);
            e.Property(x => x.ApplicationId).ValueGeneratedNever();
            e.IsImmutable();
        });
        model.Entity<Withdrawal>(e =>
        {
            e.ToTable("withdrawals");
            e.HasKey(x => x.ApplicationId);
            e.Property(x => x.ApplicationId).ValueGeneratedNever();
            e.IsImmutable();
        });
        model.Entity<BudgetCorrection>(e =>
        {
            e.ToTable("budget_corrections", t => t.HasCheckConstraint("ck_budget_corrections_sums", "grant_minor > 0 and own_minor >= 0 and total_minor >= grant_minor"));
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => new { x.ApplicationId, x.Number }).IsUnique();
            e.IsImmutable();
        });
        model.Entity<CorrectedLine>(e =>
        {
            e.ToTable("corrected_lines", t => t.HasCheckConstraint("ck_corrected_lines_lowered", "total_minor >= 0 and total_minor < before_minor"));
            e.HasKey(x => new { x.CorrectionId, x.LineId });
            e.HasOne<BudgetCorrection>().WithMany().HasForeignKey(x => x.CorrectionId);
            e.IsImmutable();
        });
        model.Entity<BudgetAcceptance>(e =>
        {
            e.ToTable("budget_acceptances");
            e.HasKey(x => x.CorrectionId);
            e.Property(x => x.CorrectionId).ValueGeneratedNever();
            e.HasOne<BudgetCorrection>().WithMany().HasForeignKey(x => x.CorrectionId);
            e.IsImmutable();
        });
        model.Entity<GranteeDocument>(e =>
        {
            e.ToTable("grantee_documents", t => t.HasCheckConstraint("ck_grantee_documents_decided", "(state in ('Accepted', 'SentBack')) = (decided_by is not null and decided_at is not null)"));
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
            e.HasIndex(x => new { x.ApplicationId, x.DocumentId, x.Partner });
            e.HasIndex(x => x.Sha256);
            e.HasIndex(x => x.State);
        });
        model.Entity<BankAccount>(e =>
        {
            e.ToTable("bank_accounts");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => x.ApplicationId);
            e.IsImmutable();
        });
        model.Entity<Agreement>(e =>
        {
            e.ToTable("agreements", t => t.HasCheckConstraint("ck_agreements_amount", "amount_minor > 0"));
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => x.Number).IsUnique();
            e.HasIndex(x => x.ApplicationId).IsUnique();
            e.IsImmutable();
        });
        model.Entity<AgreementAcceptance>(e =>
        {
            e.ToTable("agreement_acceptances");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasOne<Agreement>().WithMany().HasForeignKey(x => x.AgreementId);
            e.HasIndex(x => new { x.AgreementId, x.Side }).IsUnique();
            // Nobody makes an agreement with themselves.
            e.HasIndex(x => new { x.AgreementId, x.PersonId }).IsUnique();
            e.IsImmutable();
        });
    }

    static void ConfigurePayments(ModelBuilder model)
    {
        model.Entity<Instalment>(e =>
        {
            e.ToTable("instalments", t =>
            {
                t.HasCheckConstraint("ck_instalments_amount", "amount_minor >= 0");
                t.HasCheckConstraint("ck_instalments_paid", "(state = 'Paid') = (paid_on is not null and statement_line is not null and settled_by is not null)");
            });
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
            e.Ignore(x => x.Amount);
            e.HasIndex(x => new { x.ApplicationId, x.Number }).IsUnique();
            e.HasIndex(x => x.State);
        });
        model.Entity<PaymentApproval>(e =>
        {
            e.ToTable("payment_approvals");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasOne<Instalment>().WithMany().HasForeignKey(x => x.InstalmentId);
            e.HasIndex(x => new { x.InstalmentId, x.Round, x.Approver }).IsUnique();
            e.IsImmutable();
        });
        model.Entity<PaymentList>(e =>
        {
            e.ToTable("payment_lists");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasAlternateKey(x => new { x.Id, x.Currency });
            e.IsImmutable();
        });
        model.Entity<PaymentLine>(e =>
        {
            e.ToTable("payment_lines", t => t.HasCheckConstraint("ck_payment_lines_amount", "amount_minor > 0"));
            // The key is the attempt to pay an instalment: it can stand on one list only.
            e.HasKey(x => new { x.InstalmentId, x.Round });
            e.HasOne<Instalment>().WithMany().HasForeignKey(x => x.InstalmentId);
            e.HasOne<PaymentList>().WithMany().HasForeignKey(x => new { x.ListId, x.Currency }).HasPrincipalKey(x => new { x.Id, x.Currency });
            e.IsImmutable();
        });
    }

    static void ConfigureStatements(ModelBuilder model)
    {
        model.Entity<PaymentReturn>(e =>
        {
            e.ToTable("payment_returns");
            e.HasKey(x => new { x.InstalmentId, x.Round });
            e.HasOne<Instalment>().WithMany().HasForeignKey(x => x.InstalmentId);
            e.IsImmutable();
        });
        model.Entity<Repayment>(e =>
        {
            e.ToTable("repayments", t => t.HasCheckConstraint("ck_repayments_amount", "amount_minor > 0"));
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => x.ApplicationId);
            e.IsImmutable();
        });
        model.Entity<StatementLine>(e =>
        {
            e.ToTable("statement_lines");
            e.HasKey(x => new { x.Payer, x.Year, x.Number });
            e.IsImmutable();
        });
    }

    static void ConfigureLedger(ModelBuilder model)
    {
        model.Entity<LedgerAccount>(e =>
        {
            e.ToTable("ledger_accounts", t =>
            {
                t.HasCheckConstraint("ck_ledger_not_negative", "debits_pending >= 0 and debits_posted >= 0 and credits_pending >= 0 and credits_posted >= 0");
                t.HasCheckConstraint("ck_ledger_not_beyond_budget", "kind <> 'Call' or debits_pending + debits_posted <= credits_posted");
                t.HasCheckConstraint("ck_ledger_grant_receives", "kind <> 'Grant' or (debits_pending = 0 and debits_posted = 0)");
            });
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasAlternateKey(x => new { x.Id, x.Currency });
            e.HasIndex(x => x.CallId);
            e.Ignore(x => x.Counters).Ignore(x => x.FreeMinor);
        });
        model.Entity<LedgerTransfer>(e =>
        {
            e.ToTable("ledger_transfers", t =>
            {
                t.HasCheckConstraint("ck_ledger_transfers_amount", "amount_minor > 0");
                t.HasCheckConstraint("ck_ledger_transfers_accounts", "debit_account_id <> credit_account_id");
                t.HasCheckConstraint("ck_ledger_transfers_award", "(kind in ('Payment', 'Void', 'Return', 'Repayment')) = (award_id is not null)");
            });
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => x.BusinessKey).IsUnique();
            e.HasIndex(x => new { x.CallId, x.At });
            // With the currency in the key no transfer can join accounts of different currencies.
            e.HasOne<LedgerAccount>().WithMany().HasForeignKey(x => new { x.DebitAccountId, x.Currency }).HasPrincipalKey(x => new { x.Id, x.Currency })
                .OnDelete(DeleteBehavior.Restrict);
            e.HasOne<LedgerAccount>().WithMany().HasForeignKey(x => new { x.CreditAccountId, x.Currency }).HasPrincipalKey(x => new { x.Id, x.Currency })
                .OnDelete(DeleteBehavior.Restrict);
            e.HasOne<LedgerTransfer>().WithMany().HasForeignKey(x => x.AwardId).OnDelete(DeleteBehavior.Restrict);
            e.IsImmutable();
        });
        model.Entity<Incident>(e =>
        {
            e.ToTable("incidents");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => x.CallId);
        });
    }
}

/// <summary>Owner of the SQLite migrations.</summary>
public sealed class SqliteDisbursementsDb(DbContextOptions<SqliteDisbursementsDb> options) : DisbursementsDb(options);

/// <summary>Owner of the PostgreSQL migrations.</summary>
public sealed class PostgresDisbursementsDb(DbContextOptions<PostgresDisbursementsDb> options) : DisbursementsDb(options);
