using System.Globalization;
using System.Text.Json;
using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Grants.Testing;

/// <summary>
/// Stores every entity of a service's model on SQLite and on PostgreSQL, migrated by the real migrations, and reads it back: nothing may change on the way.
/// </summary>
/// <remarks>
/// Values are made up to hurt: instants with milliseconds, Cyrillic and emoji, very large numbers, the last member of an enum. Where a CHECK allows less, the
/// test says what fits: <c>new RoundTrip(Service.Definition).With&lt;Instalment&gt;("Number", 3)</c>.
/// </remarks>
public sealed class RoundTrip(ServiceDefinition definition)
{
    static readonly DateTimeOffset Instant = new(2026, 11, 22, 13, 14, 15, 678, TimeSpan.Zero);
    readonly Dictionary<(Type, string), object?> given = [];
    readonly List<Action<DbContext>> before = [];
    bool migrated = true;

    /// <summary>Gives a property's value. Foreign keys follow the entity they point to and need none.</summary>
    public RoundTrip With<TEntity>(string property, object? value)
    {
        given[(typeof(TEntity), property)] = value;
        return this;
    }

    /// <summary>Adds rows first, for an entity that needs two of another kind.</summary>
    public RoundTrip First(Action<DbContext> add)
    {
        before.Add(add);
        return this;
    }

    /// <summary>For contexts of tests that have no migrations: the tables are made from the model.</summary>
    public RoundTrip WithoutMigrations()
    {
        migrated = false;
        return this;
    }

    /// <summary>Throws with every difference found, on either database.</summary>
    public async Task CheckAsync()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("grants-rt-").FullName, "round-trip.db");
        var postgres = PostgresServer.NewDatabase();
        try
        {
            var problems = await CheckAsync("sqlite", () => Context(definition.SqliteDbType, options => options.UseServiceSqlite(file, "NORMAL")));
            problems.AddRange(await CheckAsync("postgres", () => Context(definition.PostgresDbType, options => options.UseNpgsql(postgres))));
            if (problems.Count > 0) throw new InvalidOperationException(string.Join('\n', problems));
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    async Task<List<string>> CheckAsync(string provider, Func<DbContext> open)
    {
        var problems = new List<string>();
        await using (var db = open())
        {
            if (migrated && db.Database.HasPendingModelChanges()) return [$"{provider}: the model has changes without a migration; run services/migrations.sh"];
            await (migrated ? Migrator.MigrateAsync(db) : Migrator.CreateAsync(db));
            foreach (var add in before) add(db);
            await db.SaveChangesAsync();
        }

        await using var writer = open();
        var entries = Fill(writer);
        await writer.SaveChangesAsync();

        await using var reader = open();
        foreach (var entry in entries)
        {
            var keys = entry.Metadata.FindPrimaryKey()!.Properties.Select(property => entry.Property(property.Name).CurrentValue).ToArray();
            var found = await reader.FindAsync(entry.Metadata.ClrType, keys);
            if (found is null) problems.Add($"{provider}: {entry.Metadata.ShortName()} was not found again");
            else problems.AddRange(Differences(entry, reader.Entry(found)).Select(difference => $"{provider}: {entry.Metadata.ShortName()}.{difference}"));
        }

        return problems;
    }

    static IEnumerable<string> Differences(EntityEntry written, EntityEntry read)
    {
        foreach (var property in written.Metadata.GetFlattenedProperties())
        {
            if (property.ValueGenerated is ValueGenerated.OnAddOrUpdate or ValueGenerated.OnUpdate) continue;
            var before = ValueOf(written, property);
            var after = ValueOf(read, property);
            if (!property.GetValueComparer().Equals(before, after)) yield return $"{property.Name}: wrote {Show(before)}, read {Show(after)}";
        }
    }

    static object? ValueOf(EntityEntry entry, IProperty property) => property.DeclaringType is IEntityType
        ? entry.Property(property.Name).CurrentValue
        : entry.ComplexProperty((IComplexProperty)((IComplexType)property.DeclaringType).ComplexProperty).Property(property.Name).CurrentValue;

    static string Show(object? value) => value is null ? "null" : JsonSerializer.Serialize(value, value.GetType());

    List<EntityEntry> Fill(DbContext db)
    {
        var entries = new Dictionary<IEntityType, EntityEntry>();
        foreach (var type in db.Model.GetEntityTypes().Where(type => !type.IsOwned() && !type.IsAbstract() && type.FindPrimaryKey() is not null))
        {
            var entry = entries[type] = db.Entry(Activator.CreateInstance(type.ClrType, nonPublic: true)!);
            foreach (var property in type.GetFlattenedProperties())
            {
                if (property.ValueGenerated != ValueGenerated.Never && (property.ValueGenerated != ValueGenerated.OnAdd || property.IsPrimaryKey() && property.ClrType != typeof(Guid))) continue;
                var value = given.TryGetValue((type.ClrType, property.Name), out var wanted) ? wanted : Make(property);
                if (property.DeclaringType is IEntityType) entry.Property(property.Name).CurrentValue = value;
                else entry.ComplexProperty((IComplexProperty)((IComplexType)property.DeclaringType).ComplexProperty).Property(property.Name).CurrentValue = value;
            }

            // What an entity owns is made only where a test gives it; it is stored and read, but not compared.
            foreach (var owned in type.GetNavigations().Where(navigation => navigation.TargetEntityType.IsOwned() && !navigation.IsCollection))
                if (given.TryGetValue((type.ClrType, owned.Name), out var part)) owned.PropertyInfo!.SetValue(entry.Entity, part);
        }

        var unplaced = given.Keys.Where(key => !entries.Keys.Any(type => type.ClrType == key.Item1 && (type.FindNavigation(key.Item2) ?? (object?)type.GetFlattenedProperties().FirstOrDefault(p => p.Name == key.Item2)) is not null)).ToList();
        if (unplaced.Count > 0) throw new InvalidOperationException($"No such property: {string.Join(", ", unplaced)}");

        // Principals first, so that a dependent can take its foreign key from one that is already there.
        var added = new List<EntityEntry>();
        while (entries.Count > 0)
        {
            var next = entries.FirstOrDefault(pair => pair.Key.GetForeignKeys().All(key => key.PrincipalEntityType == pair.Key || !entries.ContainsKey(key.PrincipalEntityType)));
            if (next.Value is null) next = entries.First();
            entries.Remove(next.Key);
            foreach (var key in next.Key.GetForeignKeys())
            {
                var principal = added.Find(entry => key.PrincipalEntityType.IsAssignableFrom(entry.Metadata));
                for (var i = 0; i < key.Properties.Count; i++)
                {
                    if (given.ContainsKey((next.Key.ClrType, key.Properties[i].Name))) continue;
                    var value = principal?.Property(key.PrincipalKey.Properties[i].Name).CurrentValue
                        ?? (key.Properties[i].IsNullable ? null : next.Value.Property(key.PrincipalKey.Properties[i].Name).CurrentValue);
                    next.Value.Property(key.Properties[i].Name).CurrentValue = value;
                }
            }

            next.Value.Context.Add(next.Value.Entity); // with what it owns
            added.Add(next.Value);
        }

        return added;
    }

    static object? Make(IProperty property)
    {
        if (property.DeclaringType is IEntityType entity && entity.FindDiscriminatorProperty() == property) return entity.GetDiscriminatorValue();
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (Simple(type, property.GetMaxLength(), property.Name) is { } simple) return simple;
        if ((property.GetValueConverter() ?? property.GetTypeMapping().Converter) is { } converter && property.GetElementType() is null)
            return converter.ConvertFromProvider(Simple(Nullable.GetUnderlyingType(converter.ProviderClrType) ?? converter.ProviderClrType, property.GetMaxLength(), property.Name));
        if (property.GetElementType() is { } element)
        {
            var value = Simple(element.ClrType, element.GetMaxLength(), property.Name);
            return JsonSerializer.Deserialize(JsonSerializer.Serialize(new[] { value, value }), property.ClrType);
        }

        throw new InvalidOperationException($"{property.DeclaringType.ClrType.Name}.{property.Name} is a {type.Name}: give its value with With().");
    }

    static object? Simple(Type type, int? length, string name) => type switch
    {
        _ when type == typeof(string) => Text(name, length),
        _ when type == typeof(Guid) => Guid.CreateVersion7(),
        _ when type == typeof(bool) => true,
        _ when type == typeof(int) => int.MaxValue - 7,
        _ when type == typeof(short) => (short)(short.MaxValue - 7),
        _ when type == typeof(long) => long.MaxValue - 7,
        _ when type == typeof(DateTimeOffset) => Instant,
        _ when type == typeof(DateTime) => Instant.UtcDateTime,
        _ when type == typeof(DateOnly) => new DateOnly(2026, 2, 28),
        _ when type == typeof(TimeOnly) => new TimeOnly(23, 59, 58, 765),
        _ when type == typeof(TimeSpan) => new TimeSpan(1, 2, 3, 4, 5),
        _ when type == typeof(decimal) => 1234.5m,
        _ when type == typeof(byte[]) => new byte[] { 0, 1, 254, 255 },
        { IsEnum: true } => Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1),
        _ => null,
    };

    static string Text(string name, int? length)
    {
        var text = new StringInfo($"Ђ🌱ш {name} «ë» 'x'");
        return string.Concat(Enumerable.Range(0, text.LengthInTextElements).Select(i => text.SubstringByTextElements(i, 1))
            .Where((_, i) => length is null || i < length / 2));
    }

    static DbContext Context(Type type, Action<DbContextOptionsBuilder> use)
    {
        var options = (DbContextOptionsBuilder)Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(type))!;
        use(options);
        return (DbContext)Activator.CreateInstance(type, options.Options)!;
    }
}
