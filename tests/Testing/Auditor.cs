using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Grants.Testing;

/// <summary>
/// Reads the databases of the product from outside and says what must never be found there. It shares no code with the services on purpose. The questions are the
/// same for both shapes.
/// </summary>
public sealed class Auditor
{
    readonly Func<string, DbConnection> connect;

    /// <summary>Reads the files of an all-in-one product in this folder.</summary>
    public Auditor(string folder) => connect = service => new SqliteConnection($"Data Source={Path.Combine(folder, service + ".db")};Pooling=False;Default Timeout=10");

    /// <summary>Reads databases of PostgreSQL.</summary>
    /// <param name="connectionString">Connection string for the database of a service.</param>
    public Auditor(Func<string, string> connectionString) => connect = service => new NpgsqlConnection(connectionString(service));

    /// <summary>The services.</summary>
    public static readonly IReadOnlyList<string> Services = ["accounts", "applications", "reviews", "disbursements", "notifications"];

    // Figures to compare are published whenever a minute is over.
    const string Waiting = "select count(*) from outbox_messages where type not like '%.CallTotals'";

    /// <summary>The first number that a query answers with; 0 for none.</summary>
    public long Number(string service, string sql, Guid? id = null)
    {
        using var connection = connect(service);
        connection.Open();
        return Number(connection, sql, id);
    }

    static long Number(DbConnection connection, string sql, Guid? id = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        if (id is { } value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "id";
            // SQLite has ids as EF writes them: upper-case text.
            parameter.Value = connection is SqliteConnection ? value.ToString().ToUpperInvariant() : value;
            command.Parameters.Add(parameter);
        }

        return command.ExecuteScalar() is { } answer and not DBNull ? Convert.ToInt64(answer, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Waits until nothing waits in any outbox.</summary>
    public async Task UntilQuietAsync()
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (Services.Any(service => Number(service, Waiting) > 0)) await pause.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>Everything wrong with these accepted applications and with the money; empty when all is right.</summary>
    public IReadOnlyList<string> Findings(IEnumerable<Guid> accepted)
    {
        var findings = new List<string>();
        var open = new Dictionary<string, DbConnection>();
        using var closing = new Closing(open.Values);
        long Number(string service, string sql, Guid? id = null)
        {
            if (!open.TryGetValue(service, out var connection)) (open[service] = connection = connect(service)).Open();
            return Auditor.Number(connection, sql, id);
        }

        void Expect(long expected, string what, string service, string sql, Guid? id = null)
        {
            if (Number(service, sql, id) is var found && found != expected) findings.Add($"{what}{(id is null ? "" : " " + id)}: {found} instead of {expected}");
        }

        var count = 0L;
        foreach (var id in accepted)
        {
            count++;
            Expect(1, "submitted in Applications", "applications", "select count(*) from applications where id = @id and state <> 'Draft' and reference is not null", id);
            Expect(1, "received in Reviews", "reviews", "select count(*) from review_cases where application_id = @id", id);
            Expect(1, "known in Notifications", "notifications", "select count(*) from applications where id = @id", id);
            Expect(1, "submission on the timeline", "applications", "select count(*) from timeline_entries where application_id = @id and kind = 'Submitted'", id);
            Expect(1, "receipt in the inbox", "notifications", "select count(*) from inbox_items where application_id = @id and audience like 'organisation:%' and template = 'submitted'", id);
        }

        Expect(count, "submitted applications in all", "applications", "select count(*) from applications where state <> 'Draft'");
        Expect(count, "different references", "applications", "select count(distinct reference) from applications where state <> 'Draft'");
        Expect(count, "cases in Reviews in all", "reviews", "select count(*) from review_cases");
        foreach (var service in Services)
        {
            Expect(0, $"messages waiting in {service}", service, Waiting);
            Expect(0, $"dead letters in {service}", service, "select count(*) from dead_letters where resolved_at is null");
        }

        Expect(0, "debits less credits, pending", "disbursements", "select sum(debits_pending) - sum(credits_pending) from ledger_accounts");
        Expect(0, "debits less credits, posted", "disbursements", "select sum(debits_posted) - sum(credits_posted) from ledger_accounts");
        Expect(0, "accounts whose posted credits are not what their transfers say", "disbursements",
            "select count(*) from ledger_accounts a where credits_posted <> coalesce((select sum(amount_minor) from ledger_transfers t where t.credit_account_id = a.id and t.kind in ('Budget', 'Payment')), 0)");
        Expect(0, "calls that promised or paid more than they have", "disbursements", "select count(*) from ledger_accounts where kind = 'Call' and debits_pending + debits_posted > credits_posted");
        Expect(Number("reviews", "select count(*) from decisions where outcome = 'Award'"), "grants for decisions", "disbursements", "select count(*) from grants");
        Expect(Number("reviews", "select coalesce(sum(amount_minor), 0) from decisions where outcome = 'Award'"), "money awarded", "disbursements",
            "select coalesce(sum(amount_minor), 0) from ledger_transfers where kind = 'Award'");
        Expect(Number("disbursements", "select count(*) from instalments where state = 'Paid'"), "payments for instalments paid", "disbursements",
            "select count(*) from ledger_transfers where kind = 'Payment'");
        Expect(Number("disbursements", "select coalesce(sum(amount_minor), 0) from instalments where state = 'Paid'"), "money paid", "disbursements",
            "select coalesce(sum(amount_minor), 0) from ledger_transfers where kind = 'Payment'");
        Expect(0, "payments with fewer than two approvers", "disbursements",
            "select count(*) from instalments i where state = 'Paid' and (select count(distinct approver) from payment_approvals p where p.instalment_id = i.id) < 2");
        Expect(Number("disbursements", "select count(*) from instalments where state in ('Approved', 'Listed', 'Paid')"), "payments released on timelines", "applications",
            "select count(*) from timeline_entries where kind = 'PaymentReleased'");
        Expect(Number("disbursements", "select count(*) from instalments where state = 'Paid'"), "payments on timelines", "applications",
            "select count(*) from timeline_entries where kind = 'Paid'");
        Expect(0, "two timeline entries for one thing that happens once", "applications",
            "select count(*) from (select 1 from timeline_entries where kind in ('Submitted', 'FoundEligible', 'Awarded', 'AgreementOffered', 'AgreementInForce', 'PaymentReleased', 'LetterReleased') group by application_id, kind having count(*) > 1) doubled");
        return findings;
    }

    sealed class Closing(IEnumerable<DbConnection> connections) : IDisposable
    {
        public void Dispose()
        {
            foreach (var connection in connections) connection.Dispose();
        }
    }
}
