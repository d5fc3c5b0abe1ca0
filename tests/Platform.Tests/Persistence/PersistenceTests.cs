using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Tests.Messaging;
using Grants.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Grants.Platform.Tests.Persistence;

public enum Colour
{
    Red,
    Green,
}

public sealed class Everything
{
    public Guid Id { get; private set; }
    public long Amount { get; private set; }
    public int Count { get; private set; }
    public bool Done { get; private set; }
    public Colour Colour { get; private set; }
    public string Text { get; private set; } = "";
    public string? Code { get; private set; }
    public DateTimeOffset At { get; private set; }
    public DateTimeOffset? Later { get; private set; }
    public DateOnly Day { get; private set; }
    public byte[] Bytes { get; private set; } = [];
    public List<string> Tags { get; private set; } = [];
}

public sealed class Part
{
    public long Id { get; private set; }
    public Guid EverythingId { get; private set; }
    public string Name { get; private set; } = "";
}

public abstract class GammaDb(DbContextOptions options) : ServiceDb(options)
{
    protected override void Configure(ModelBuilder model)
    {
        model.Entity<Everything>(entity =>
        {
            entity.ToTable("everythings", table => table.HasCheckConstraint("ck_amount", "amount > 0"));
            entity.Property(x => x.Code).HasMaxLength(3);
            entity.Property(x => x.Text).UseCollation(Collations.For("hr"));
            entity.IsImmutable();
        });
        model.Entity<Part>(entity =>
        {
            entity.ToTable("parts");
            entity.HasOne<Everything>().WithMany().HasForeignKey(x => x.EverythingId);
            entity.HasIndex(x => x.Name).IsUnique();
        });
    }
}

public sealed class SqliteGammaDb(DbContextOptions<SqliteGammaDb> options) : GammaDb(options);
public sealed class PostgresGammaDb(DbContextOptions<PostgresGammaDb> options) : GammaDb(options);
sealed class SqliteGammaFactory : DesignTimeFactory<SqliteGammaDb>;
sealed class PostgresGammaFactory : DesignTimeFactory<PostgresGammaDb>;

public sealed class PersistenceTests : IDisposable
{
    static readonly ServiceDefinition Gamma = ServiceDefinition.For<GammaDb, SqliteGammaDb, PostgresGammaDb>("gamma");
    readonly string folder = Directory.CreateTempSubdirectory("grants-db-").FullName;
    readonly string postgres = PostgresServer.NewDatabase();

    public static TheoryData<string> Providers => ["sqlite", "postgres"];

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    GammaDb Open(string provider)
    {
        if (provider == "postgres") return new PostgresGammaDb(new DbContextOptionsBuilder<PostgresGammaDb>().UseNpgsql(postgres).Options);
        var options = new DbContextOptionsBuilder<SqliteGammaDb>();
        options.UseServiceSqlite(Path.Combine(folder, "gamma.db"));
        return new SqliteGammaDb(options.Options);
    }

    async Task<GammaDb> Fresh(string provider)
    {
        var db = Open(provider);
        await Migrator.CreateAsync(db);
        return db;
    }

    [Fact]
    public Task Every_kind_of_value_comes_back_as_it_was_stored_on_both_databases() => new RoundTrip(Gamma).WithoutMigrations().CheckAsync();

    [Fact]
    public async Task The_round_trip_fails_when_a_value_cannot_be_stored() =>
        await Assert.ThrowsAsync<DbUpdateException>(() => new RoundTrip(Gamma).WithoutMigrations().With<Everything>("Amount", -1L).CheckAsync());

    [Theory, MemberData(nameof(Providers))]
    public async Task The_audit_trail_refuses_change_and_deletion(string provider)
    {
        await using var db = await Fresh(provider);
        db.Audit(World.Now, Guid.CreateVersion7(), "thing.done", Guid.CreateVersion7());
        await db.SaveChangesAsync();
        await Migrator.CreateAsync(db); // making the triggers again changes nothing

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Set<AuditEntry>().ExecuteUpdateAsync(set => set.SetProperty(x => x.Action, "other")));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Set<AuditEntry>().ExecuteDeleteAsync());
        Assert.Equal("thing.done", await db.Set<AuditEntry>().Select(x => x.Action).SingleAsync());
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_marked_table_refuses_change_and_an_unmarked_one_does_not(string provider)
    {
        await using var db = await Fresh(provider);
        var id = Guid.CreateVersion7();
        await db.Database.ExecuteSqlAsync($"insert into dead_letters (id, message_id, consumer, type, subject, body, error, attempts, failed_at, waiting) values ({id}, {id}, 'c', 't', 's', 'b', 'e', 1, {World.Now.UtcDateTime}, {false})");
        Assert.Equal(1, await db.Set<DeadLetter>().ExecuteUpdateAsync(set => set.SetProperty(x => x.Error, "other")));
        Assert.Equal(1, await db.Set<DeadLetter>().ExecuteDeleteAsync());
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_unique_violation_is_told_from_a_check_violation(string provider)
    {
        await using (var db = await Fresh(provider))
        {
            var message = Guid.CreateVersion7();
            db.Add(new InboxMessage { MessageId = message, Consumer = "a", HandledAt = World.Now });
            await db.SaveChangesAsync();
            db.ChangeTracker.Clear();
            db.Add(new InboxMessage { MessageId = message, Consumer = "a", HandledAt = World.Now });
            var unique = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
            Assert.True(unique.IsUniqueViolation());
            Assert.False(unique.IsCheckViolation());
            Assert.False(unique.IsTransient());
        }

        await using (var db = Open(provider))
        {
            db.Add(new Everything());
            var check = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
            Assert.True(check.IsCheckViolation());
            Assert.False(check.IsUniqueViolation());
        }
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_full_disk_is_told_from_other_failures_and_works_again_by_itself(string provider)
    {
        await using var db = await Fresh(provider);
        await db.Database.OpenConnectionAsync();
        // SQLite is full for real; PostgreSQL says what it says when it is.
        await db.Database.ExecuteSqlRawAsync(provider == "sqlite" ? "PRAGMA max_page_count = 1" : """
            create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'No space left on device' using errcode = 'disk_full'; end $$;
            create trigger full_disk before insert on dead_letters for each row execute function full_disk()
            """);
        var letter = new DeadLetter { Id = Guid.CreateVersion7(), MessageId = Guid.CreateVersion7(), Consumer = "c", Type = "t", Subject = "s", Body = new string('b', 100_000), Error = "e", FailedAt = World.Now };
        db.Add(letter);
        var full = await Assert.ThrowsAnyAsync<Exception>(() => db.SaveChangesAsync());
        Assert.True(full.IsStorageFull());
        Assert.True(full.IsTransient());
        Assert.Equal(0, await db.Set<DeadLetter>().CountAsync());

        await db.Database.ExecuteSqlRawAsync(provider == "sqlite" ? "PRAGMA max_page_count = 1000000" : "drop trigger full_disk on dead_letters");
        await db.SaveChangesAsync();
        Assert.Equal(1, await db.Set<DeadLetter>().CountAsync());
    }

    [Theory]
    [InlineData("57P01", true)] // the server shuts down
    [InlineData("57P02", true)] // it crashed
    [InlineData("57P03", true)] // it starts
    [InlineData("53300", true)] // too many connections
    [InlineData("53100", true)] // disk full
    [InlineData("08006", true)] // connection failure
    [InlineData("40001", true)] // serialisation failure
    [InlineData("40P01", true)] // deadlock
    [InlineData("25006", true)] // a copy that only reads
    [InlineData("23505", false)] // unique violation
    [InlineData("42501", false)] // not allowed
    [InlineData("42P01", false)] // no such table
    public void What_passes_by_itself_is_told_from_what_does_not(string state, bool transient)
    {
        var error = new PostgresException("said", "ERROR", "ERROR", state);
        Assert.Equal(transient, new InvalidOperationException("wrapped", new DbUpdateException("wrapped", error)).IsTransient());
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Names_sort_as_their_language_sorts_them(string provider)
    {
        await using var db = await Fresh(provider);
        foreach (var name in new[] { "Njivice", "Ljubuški", "Nuštar", "Luka", "Čapljina", "Zagreb", "Cista" })
        {
            var entry = db.Entry(new Everything());
            entry.Property(x => x.Text).CurrentValue = name;
            entry.Property(x => x.Amount).CurrentValue = 1;
            entry.State = EntityState.Added;
        }

        await db.SaveChangesAsync();
        Assert.Equal(["Cista", "Čapljina", "Luka", "Ljubuški", "Nuštar", "Njivice", "Zagreb"],
            await db.Set<Everything>().OrderBy(x => x.Text).Select(x => x.Text).ToListAsync());
    }

    [Theory]
    [InlineData("sr-Latn-RS", "grants_sr_latn")]
    [InlineData("pt-PT", "grants_pt_pt")]
    [InlineData("mk", "grants_mk")]
    [InlineData("ja", "grants_en")]
    public void A_language_without_a_collation_takes_the_nearest(string language, string collation) => Assert.Equal(collation, Collations.For(language));

    [Fact]
    public async Task A_SQLite_connection_has_the_settings_of_the_product()
    {
        await using var db = await Fresh("sqlite");
        await db.Database.OpenConnectionAsync();
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        string Pragma(string name)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA " + name;
            return command.ExecuteScalar()!.ToString()!;
        }

        Assert.Equal("wal", Pragma("journal_mode"));
        Assert.Equal("5000", Pragma("busy_timeout"));
        Assert.Equal("2", Pragma("synchronous"));
        Assert.Equal("1", Pragma("foreign_keys"));
        Assert.Equal(5, connection.DefaultTimeout);
    }

    [Fact]
    public async Task The_sequence_of_the_outbox_is_never_used_twice()
    {
        await using var db = await Fresh("sqlite");
        async Task<long> Next()
        {
            db.Publish(new NobodyListens(Guid.CreateVersion7(), 1, World.Now));
            await db.SaveChangesAsync();
            var seq = await db.Set<OutboxMessage>().Select(x => x.Seq).SingleAsync();
            await db.Set<OutboxMessage>().ExecuteDeleteAsync();
            return seq;
        }

        // The relay's cursor would pass over a row whose number it has seen before.
        Assert.True(await Next() < await Next());
    }

    [Fact]
    public void The_tools_can_make_both_contexts()
    {
        Assert.Contains("Sqlite", new SqliteGammaFactory().CreateDbContext([]).Database.ProviderName);
        Assert.Contains("PostgreSQL", new PostgresGammaFactory().CreateDbContext([]).Database.ProviderName);
    }
}
