using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Grants.Platform.Persistence;

/// <summary>
/// Tables whose rows may be inserted only. The mark is in the model and the triggers are made after migrating, on every start, so that a regenerated
/// migration can never lose them.
/// </summary>
public static class ImmutableTables
{
    const string Mark = "Grants:Immutable";

    /// <summary>The database itself refuses to change or delete rows of this entity's table.</summary>
    public static EntityTypeBuilder<T> IsImmutable<T>(this EntityTypeBuilder<T> entity) where T : class => entity.HasAnnotation(Mark, true);

    /// <summary>The tables that are marked.</summary>
    internal static IEnumerable<string> Names(DbContext db) =>
        db.GetService<IDesignTimeModel>().Model.GetEntityTypes().Where(entity => entity.FindAnnotation(Mark) is not null).Select(entity => entity.GetTableName()).OfType<string>();

    internal static IEnumerable<string> Statements(DbContext db) => Names(db).SelectMany(table => db.Database.IsNpgsql() ? Postgres(table) : Sqlite(table));

    static IEnumerable<string> Sqlite(string table)
    {
        foreach (var verb in new[] { "update", "delete" })
        {
            yield return $"""
                create trigger if not exists "{table}_refuse_{verb}" before {verb} on "{table}"
                begin select raise(abort, '{table} is append-only'); end
                """;
        }
    }

    static IEnumerable<string> Postgres(string table)
    {
        yield return """
            create or replace function grants_refuse_change() returns trigger language plpgsql as
            $body$ begin raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation'; end $body$
            """;
        yield return $"""
            create or replace trigger "{table}_refuse_change" before update or delete on "{table}" for each row execute function grants_refuse_change()
            """;
        yield return $"""
            create or replace trigger "{table}_refuse_truncate" before truncate on "{table}" for each statement execute function grants_refuse_change()
            """;
    }
}
