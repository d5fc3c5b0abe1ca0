using System.Text.Json;
using Grants.Accounts.Domain;
using Grants.Platform.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Grants.Accounts;

/// <summary>People, their sessions, roles and links; on ASP.NET Core Identity's tables, where one-time codes and other providers have their place already.</summary>
public abstract class AccountsDb(DbContextOptions options) : IdentityUserContext<Person, Guid>(options)
{
    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<RoleGrant> RoleGrants => Set<RoleGrant>();

    public DbSet<SecretLink> Links => Set<SecretLink>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<Installation> Installations => Set<Installation>();

    /// <summary>The people.</summary>
    public DbSet<Person> People => Set<Person>();

    // Identity asks the application's container which tables it may have: those of passkeys too. Tools and tests that make a context by hand have no container.
    protected sealed override void OnConfiguring(DbContextOptionsBuilder optionsBuilder)
    {
        if (optionsBuilder.Options.FindExtension<CoreOptionsExtension>()?.ApplicationServiceProvider is null) optionsBuilder.UseApplicationServiceProvider(Bare.Value);
    }

    static readonly Lazy<IServiceProvider> Bare = new(() => new ServiceCollection().AddIdentityTables().BuildServiceProvider());

    protected sealed override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<Person>(e =>
        {
            e.ToTable("people");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Name).HasMaxLength(Person.NameLength);
            e.Property(x => x.Language).HasMaxLength(20);
            e.HasIndex(x => x.NormalizedEmail).IsUnique();
        });
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("person_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("person_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("person_tokens");
        builder.Entity<IdentityUserPasskey<Guid>>().ToTable("person_passkeys");
        builder.Entity<Session>(e =>
        {
            e.ToTable("sessions");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.SecretHash).HasMaxLength(64);
            e.Property(x => x.Browser).HasMaxLength(200);
            e.HasIndex(x => x.SecretHash).IsUnique();
            e.HasIndex(x => x.PersonId);
            e.HasOne<Person>().WithMany().HasForeignKey(x => x.PersonId);
        });
        builder.Entity<RoleGrant>(e =>
        {
            e.ToTable("role_grants");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Role).HasMaxLength(40);
            e.Property(x => x.Scope).HasMaxLength(RoleScope.MaxLength);
            // A role is held once in a scope; what was taken back stays for the record.
            e.HasIndex(x => new { x.PersonId, x.Role, x.Scope }).IsUnique().HasFilter("revoked_at is null");
            e.HasOne<Person>().WithMany().HasForeignKey(x => x.PersonId);
        });
        builder.Entity<SecretLink>(e =>
        {
            e.ToTable("secret_links");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.SecretHash).HasMaxLength(64);
            e.HasIndex(x => x.SecretHash).IsUnique();
            e.HasIndex(x => x.ExpiresAt);
            // Written and read whole, erased when used: no query looks inside.
            e.Property(x => x.Registration).HasConversion(
                value => value == null ? null : JsonSerializer.Serialize(value, JsonSerializerOptions.Default),
                text => text == null ? null : JsonSerializer.Deserialize<Registration>(text, JsonSerializerOptions.Default));
            // Two tabs cannot use one link twice.
            e.Property(x => x.UsedAt).IsConcurrencyToken();
        });
        builder.Entity<SigningKey>(e =>
        {
            e.ToTable("signing_keys");
            e.Property(x => x.Id).HasMaxLength(40).ValueGeneratedNever();
            e.HasIndex(x => x.Number).IsUnique();
        });
        builder.Entity<Installation>(e =>
        {
            e.ToTable("installation");
            e.Property(x => x.Id).ValueGeneratedNever();
            e.Property(x => x.Kind).HasMaxLength(10);
        });
        PlatformModel.AddTables(builder, Database.ProviderName!);
    }

    protected sealed override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) => PlatformModel.AddConventions(configurationBuilder);
}

/// <summary>Owns the SQLite migrations.</summary>
public sealed class SqliteAccountsDb(DbContextOptions<SqliteAccountsDb> options) : AccountsDb(options);

/// <summary>Owns the PostgreSQL migrations.</summary>
public sealed class PostgresAccountsDb(DbContextOptions<PostgresAccountsDb> options) : AccountsDb(options);

/// <summary>For the tools that make migrations.</summary>
public sealed class SqliteAccountsFactory : DesignTimeFactory<SqliteAccountsDb>;

/// <inheritdoc cref="SqliteAccountsFactory" />
public sealed class PostgresAccountsFactory : DesignTimeFactory<PostgresAccountsDb>;

/// <summary>Which of Identity's tables there are.</summary>
static class IdentityTables
{
    /// <summary>All that Identity knows, from the first migration on.</summary>
    public static IServiceCollection AddIdentityTables(this IServiceCollection services) =>
        services.Configure<IdentityOptions>(options => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3);
}
