using System.Globalization;
using Grants.Testing;
using Npgsql;

namespace Grants.Bench;

/// <summary>Drafts that are ready to be submitted: one filled in through the pages, and copies of its rows.</summary>
static class Drafts
{
    /// <summary>Copy number n ends in this number plus n: always twelve digits, so that a text can hold its place.</summary>
    public const long First = 100_000_000_000;

    /// <summary>The application of a copy.</summary>
    public static Guid Application(long number) => new($"00000001-0000-7000-8000-{First + number}");

    /// <summary>Makes so many copies, each of an organisation of its own, of which the same person is a member.</summary>
    public static async Task MakeAsync(Cluster cluster, Life life, int copies)
    {
        var organisation = await life.RegisterOrganisationAsync("Udruženje „Mjera“");
        var application = await life.StartAsync(organisation);
        await life.FillAsync(application, "Mladi za svoje mjesto", "8.000,00", "Razgovarali smo sa stanovnicima i općinom.");
        (string Table, string Where)[] rows =
        [
            ("organisations", $"id = '{organisation}'"), ("memberships", $"organisation_id = '{organisation}'"), ("applications", $"id = '{application}'"),
            ("draft_fields", $"application_id = '{application}'"), ("draft_documents", $"application_id = '{application}'"),
        ];
        await using var source = NpgsqlDataSource.Create(cluster.ConnectionString("applications"));
        await using var connection = await source.OpenConnectionAsync();
        foreach (var (table, where) in rows)
        {
            await using var command = new NpgsqlCommand(
                $"""
                insert into {table} select (jsonb_populate_record(null::{table},
                  replace(replace(to_jsonb(row)::text, '{application}', '00000001-0000-7000-8000-' || n), '{organisation}', '00000002-0000-7000-8000-' || n)::jsonb)).*
                from {table} row, generate_series({First}, {(First + copies - 1).ToString(CultureInfo.InvariantCulture)}) n where {where}
                """,
                connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
