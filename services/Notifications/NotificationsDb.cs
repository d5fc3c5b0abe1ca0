using Grants.Notifications.Domain;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications;

public abstract class NotificationsDb(DbContextOptions options) : ServiceDb(options)
{
    public DbSet<InboxItem> Items => Set<InboxItem>();

    public DbSet<ReadMark> ReadMarks => Set<ReadMark>();

    public DbSet<TaskEnd> TaskEnds => Set<TaskEnd>();

    public DbSet<TaskPart> TaskParts => Set<TaskPart>();

    public DbSet<Letter> Letters => Set<Letter>();

    public DbSet<ReleasedLetter> ReleasedLetters => Set<ReleasedLetter>();

    public DbSet<Mail> Mails => Set<Mail>();

    public DbSet<CallVersion> Calls => Set<CallVersion>();

    public DbSet<ClosedCall> ClosedCalls => Set<ClosedCall>();

    public DbSet<OrganisationCopy> Organisations => Set<OrganisationCopy>();

    public DbSet<Membership> Memberships => Set<Membership>();

    public DbSet<PersonCopy> People => Set<PersonCopy>();

    public DbSet<RoleCopy> Roles => Set<RoleCopy>();

    public DbSet<ApplicationCopy> Applications => Set<ApplicationCopy>();

    public DbSet<AssignmentCopy> Assignments => Set<AssignmentCopy>();

    public DbSet<InstalmentCopy> Instalments => Set<InstalmentCopy>();

    protected override void Configure(ModelBuilder model)
    {
        model.Entity<InboxItem>(e =>
        {
            e.ToTable("inbox_items");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Template).HasMaxLength(40);
            e.Property(x => x.Audience).HasMaxLength(60);
            e.Property(x => x.SubjectKey).HasMaxLength(80);
            e.Property(x => x.Version).IsConcurrencyToken();
            e.HasIndex(x => new { x.Template, x.SubjectKey, x.Audience }).IsUnique();
            e.HasIndex(x => new { x.Audience, x.Kind, x.DoneAt, x.CreatedAt });
            e.HasIndex(x => x.MailsDueAt);
            e.HasIndex(x => x.ApplicationId);
        });
        model.Entity<ReadMark>(e =>
        {
            e.ToTable("read_marks");
            e.HasKey(x => new { x.ItemId, x.PersonId });
        });
        model.Entity<TaskEnd>(e =>
        {
            e.ToTable("task_ends");
            e.HasKey(x => new { x.Template, x.SubjectKey });
            e.Property(x => x.Template).HasMaxLength(40);
            e.Property(x => x.SubjectKey).HasMaxLength(80);
        });
        model.Entity<TaskPart>(e =>
        {
            e.ToTable("task_parts");
            e.HasKey(x => new { x.Template, x.SubjectKey, x.PersonId });
            e.Property(x => x.Template).HasMaxLength(40);
            e.Property(x => x.SubjectKey).HasMaxLength(80);
        });
        model.Entity<Letter>(e =>
        {
            e.ToTable("letters");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Currency).HasMaxLength(3);
            e.Property(x => x.Version).IsConcurrencyToken();
            e.HasIndex(x => new { x.ApplicationId, x.DecisionVersion }).IsUnique();
            e.HasIndex(x => x.OrganisationId);
        });
        model.Entity<ReleasedLetter>(e =>
        {
            e.ToTable("released_letters");
            e.HasKey(x => new { x.LetterId, x.Language });
            e.Property(x => x.Language).HasMaxLength(10);
            e.Property(x => x.Template).HasMaxLength(40);
            e.Property(x => x.Sha256).HasMaxLength(64);
            e.IsImmutable();
        });
        model.Entity<Mail>(e =>
        {
            e.ToTable("mails");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Template).HasMaxLength(40);
            e.Property(x => x.Language).HasMaxLength(10);
            e.Property(x => x.Arguments).HasDefaultValue("[]");
            e.Property(x => x.Answer).HasMaxLength(500);
            e.Property(x => x.Version).IsConcurrencyToken();
            e.HasIndex(x => x.CreatedAt);
            e.HasIndex(x => new { x.State, x.DueAt });
            e.HasIndex(x => new { x.ItemId, x.PersonId }).IsUnique();
        });
        model.Entity<CallVersion>(e =>
        {
            e.ToTable("call_versions");
            e.HasKey(x => new { x.CallId, x.Version });
            e.Property(x => x.Sha256).HasMaxLength(64);
            e.Property(x => x.Programme).HasMaxLength(40);
            e.IsImmutable();
        });
        model.Entity<ClosedCall>(e =>
        {
            e.ToTable("closed_calls");
            e.HasKey(x => x.CallId);
            e.Property(x => x.CallId).ValueGeneratedNever();
        });
        model.Entity<OrganisationCopy>(e =>
        {
            e.ToTable("organisations");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
            e.Property(x => x.Country).HasMaxLength(2);
        });
        model.Entity<Membership>(e =>
        {
            e.ToTable("memberships");
            e.HasKey(x => new { x.OrganisationId, x.PersonId });
            e.HasIndex(x => x.PersonId);
        });
        model.Entity<PersonCopy>(e =>
        {
            e.ToTable("people");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
            e.Property(x => x.Language).HasMaxLength(10);
        });
        model.Entity<RoleCopy>(e =>
        {
            e.ToTable("roles");
            e.HasKey(x => x.RoleGrantId);
            e.Property(x => x.RoleGrantId).ValueGeneratedNever();
            e.Property(x => x.Role).HasMaxLength(40);
            e.Property(x => x.Scope).HasMaxLength(80);
            e.HasIndex(x => new { x.Role, x.Scope });
        });
        model.Entity<ApplicationCopy>(e =>
        {
            e.ToTable("applications");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
            e.HasIndex(x => x.CallId);
        });
        model.Entity<AssignmentCopy>(e =>
        {
            e.ToTable("assignments");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => x.ApplicationId);
        });
        model.Entity<InstalmentCopy>(e =>
        {
            e.ToTable("instalments");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Version).IsConcurrencyToken();
        });
    }
}

/// <summary>Owns the SQLite migrations.</summary>
public sealed class SqliteNotificationsDb(DbContextOptions<SqliteNotificationsDb> options) : NotificationsDb(options);

/// <summary>Owns the PostgreSQL migrations.</summary>
public sealed class PostgresNotificationsDb(DbContextOptions<PostgresNotificationsDb> options) : NotificationsDb(options);

sealed class SqliteNotificationsFactory : DesignTimeFactory<SqliteNotificationsDb>;

sealed class PostgresNotificationsFactory : DesignTimeFactory<PostgresNotificationsDb>;
