using Microsoft.Data.Sqlite;

namespace Grants.EndToEnd.Tests.Browser;

/// <summary>An administrator at the pages that tell how messages do.</summary>
public sealed class OperatorTests(DemoInBrowser demo) : IClassFixture<DemoInBrowser>
{
    const string Id = "0193A1F0-7C40-7000-8000-0000000000AA";

    [Fact]
    public async Task What_went_wrong_is_found_and_put_right()
    {
        // An event about nobody, as if its handler had failed, and one that nobody can read; an incident.
        Execute("reviews", "insert into dead_letters (id, message_id, consumer, type, subject, body, error, attempts, failed_at, waiting) values "
            + $"('{Id}', '{Id}', 'reviews.on-person-changed', 'Grants.Contracts.Accounts.PersonChanged', '{Id}', "
            + $"'{{\"personId\":\"{Id}\",\"subjectVersion\":1,\"at\":\"2026-12-01T08:00:00+00:00\",\"name\":\"Nada Kovač\",\"email\":\"nada@example.org\",\"language\":\"bs\",\"active\":true}}', "
            + "'System.InvalidOperationException: Sequence contains no elements\n   at Grants.Reviews.Features.Review.OnPersonChanged.Handle(PersonChanged message, CancellationToken ct)', 4, @now, 0)");
        Execute("reviews", "insert into outbox_messages (message_id, type, subject, body, enqueued_at, attempts, due_at, last_error) values "
            + $"('{Id}', 'Grants.Contracts.Gone', '{Id}', '{{}}', @now, 20, '9999-12-31 23:59:59.999', 'No contract is called Grants.Contracts.Gone.')");
        Execute("reviews", "insert into totals_differences (id, call_id, figure, neighbour, our_count, our_amount_minor, their_count, their_amount_minor, currency, first_seen_at, last_seen_at, seen, opened_at) values "
            + $"('{Id}', '{Id}', 'awarded', 'disbursements', 12, 9876543, 11, 8876543, 'BAM', @now, @now, 3, @now)");

        var adnan = await demo.SomebodyAsync("operator");
        await Person.TakeAsync(
            async () =>
            {
                await adnan.SignInAsync("Adnan Mujkić");
                await adnan.OpenAsync("/operations");
                await adnan.LookAsync("index", narrow: true);
                await adnan.FollowAsync("/operations/reviews");
                await adnan.ReadsAsync("1 incident");
                await adnan.LookAsync("service", narrow: true);
                await adnan.OpenAsync("/operations/reviews/differences");
                await adnan.ReadsAsync("98,765.43 BAM");
                await adnan.LookAsync("differences", narrow: true);
                await adnan.OpenAsync("/operations/reviews/parked");
                await adnan.LookAsync("parked", narrow: true);
                await adnan.SubmitAsync("/release");
                await adnan.LookAsync("released");

                await adnan.OpenAsync("/operations/reviews/letters");
                await adnan.LookAsync("letters", narrow: true);
                await adnan.FollowAsync("/operations/reviews/letters/");
                foreach (var summary in await adnan.Page.Locator("main summary").AllAsync()) await summary.ClickAsync();
                await adnan.ReadsAsync("(text, 10 characters)");
                Assert.DoesNotContain("Nada", await adnan.TextAsync(), StringComparison.Ordinal);
                await adnan.LookAsync("letter", narrow: true);
                await adnan.SubmitAsync("/resolution", expected: 422);
                await adnan.LookAsync("letter-without-reason");
                await adnan.SubmitAsync("/retry");
                await adnan.ReadsAsync("The message was handled");
                await adnan.LookAsync("handled");
            },
            adnan);
    }

    void Execute(string service, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(demo.Product.Folder, service + ".db")};Pooling=False;Default Timeout=10");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@now", "2026-11-20 10:00:00");
        command.ExecuteNonQuery();
    }
}
