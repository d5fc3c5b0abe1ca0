using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Grants.Platform.Persistence;

/// <summary>
/// What the role that runs a service may do on PostgreSQL: use the rows of the service's own tables. It can neither create, alter nor drop anything, nor
/// change what is append-only, and nobody but it and the owner can connect to the database. Given anew at each release, for tables may have been added.
/// </summary>
static class Privileges
{
    public static IEnumerable<string> Statements(DbContext db, string role)
    {
        var sql = db.GetService<ISqlGenerationHelper>();
        var to = sql.DelimitIdentifier(role);
        var database = sql.DelimitIdentifier(db.Database.GetDbConnection().Database);
        yield return $"revoke all on database {database} from public";
        yield return $"grant connect on database {database} to {to}";
        yield return "revoke create on schema public from public";
        yield return $"grant usage on schema public to {to}";
        yield return $"grant select, insert, update, delete on all tables in schema public to {to}";
        yield return $"grant usage, select on all sequences in schema public to {to}";
        foreach (var table in ImmutableTables.Names(db)) yield return $"revoke update, delete on {sql.DelimitIdentifier(table)} from {to}";
        yield return $"revoke insert, update, delete on \"__EFMigrationsHistory\" from {to}";
    }
}
