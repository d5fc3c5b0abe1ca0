using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Grants.Testing;
using Npgsql;

namespace Grants.EndToEnd.Tests.Failures;

/// <summary>Messages that no handler can work with, that come again, or that cannot be written down. One never holds up another, and none is lost.</summary>
[Collection(BusyClusterTests.Name)]
public sealed class MessageTests(BusyCluster busy)
{
    const string Queue = "notifications.on-application-submitted";
    const string Receipts = "select count(*) from inbox_items where application_id = @id and audience like 'organisation:%' and template = 'submitted'";

    Cluster Cluster => busy.Cluster;

    [Fact]
    public async Task A_consumer_that_always_throws_delays_nobody_and_its_message_is_tried_again_from_the_page()
    {
        var unlucky = await DraftAsync();
        var lucky = await DraftAsync();
        await Cluster.ExecuteAsync(
            "notifications",
            $"""
            create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no good'; end $$;
            create trigger refuse before insert on inbox_items for each row when (new.application_id = '{unlucky}') execute function refuse();
            """);
        await SubmitAsync(unlucky);
        var since = Cluster.Now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        await SubmitAsync(lucky);
        await UntilLettersAsync(1);
        await UntilAsync("the other receipt", Receipts, lucky);
        // It was handled while the other was still being tried.
        Assert.NotEqual(0, Number(
            $"select count(*) from inbox_messages i, dead_letters d where i.consumer = '{Queue}' and i.message_id <> d.message_id and i.handled_at between '{since}' and d.failed_at and d.resolved_at is null"));

        await Cluster.ExecuteAsync("notifications", "drop trigger refuse on inbox_items; drop function refuse()");
        var operators = await busy.Life.AsAsync("Adnan Mujkić");
        var list = (await operators.OpenAsync("/operations/notifications/letters")).Expect();
        var page = (await operators.OpenAsync(list.Link("/operations/notifications/letters/"))).Expect();
        Assert.Contains("no good", page.Text, StringComparison.Ordinal);
        (await operators.SubmitAsync(page, "/retry")).Expect();
        Assert.Equal(1, Number(Receipts, unlucky));
        await busy.AuditAsync();
    }

    [Fact]
    public async Task A_message_that_comes_ten_times_at_once_has_one_effect()
    {
        var application = await DraftAsync();
        await Cluster.StopAsync("notifications-1");
        await Cluster.StopAsync("notifications-2");
        await SubmitAsync(application);
        var message = await FirstInAsync(Queue);
        for (var copy = 1; copy < 10; copy++) await SendAsync(Queue, message);
        await Cluster.StartAllAsync();
        await busy.AuditAsync();
        Assert.Equal(1, Number(Receipts, application));
        Assert.Equal(1, Number($"select count(*) from inbox_messages where consumer = '{Queue}' and message_id = @id", Guid.Parse((string)message["properties"]!["message_id"]!)));
    }

    [Fact]
    public async Task What_is_no_message_ends_in_the_dead_letters_with_the_reason_and_nobody_stops()
    {
        // A true one, of which the bad ones are made.
        await ManageAsync(HttpMethod.Put, "queues/grants/test.copies", new JsonObject());
        await ManageAsync(HttpMethod.Post, "bindings/grants/e/Grants.Contracts.Applications%3AApplicationSubmitted/q/test.copies", new JsonObject());
        var application = await DraftAsync();
        await SubmitAsync(application);
        var message = await FirstInAsync("test.copies");
        await ManageAsync(HttpMethod.Delete, "queues/grants/test.copies");
        await UntilAsync("the receipt", Receipts, application);

        var malformed = message.DeepClone();
        malformed["payload"] = "{\"messageId\": ";
        malformed["properties"]!["message_id"] = Guid.CreateVersion7().ToString();
        var oversized = Altered(message, newId: true, body => body["title"] = new string('a', 1 << 20));
        var unknown = Altered(message, newId: true, _ => { }, envelope => envelope["messageType"] = new JsonArray("urn:message:Grants.Contracts.Applications:NeverHeardOf"));
        var future = Altered(message, newId: true, body => body["at"] = "2040-01-01T00:00:00+00:00");
        var other = Altered(message, newId: false, body => body["requestedMinor"] = 1, envelope => envelope["headers"]!["grants-body-sha256"] = new string('0', 32));
        other["properties"]!["headers"]!["grants-body-sha256"] = new string('0', 32);
        foreach (var bad in new[] { malformed, oversized, unknown, future, other }) await SendAsync(Queue, bad);
        await SendAsync(Queue, other);
        await UntilLettersAsync(5);

        var reasons = await ReasonsAsync();
        Assert.Contains(reasons, reason => reason.Contains("1048576", StringComparison.Ordinal));
        Assert.Contains(reasons, reason => reason.Contains("does not take messages of this type", StringComparison.Ordinal));
        Assert.Contains(reasons, reason => reason.Contains("2040-01-01", StringComparison.Ordinal));
        Assert.Contains(reasons, reason => reason.Contains("other content", StringComparison.Ordinal));
        Assert.Contains(reasons, reason => reason.Contains("JSON", StringComparison.OrdinalIgnoreCase) || reason.Contains("Serialization", StringComparison.Ordinal));

        // Whoever reads them closes them, one by one, and the queue has gone on meanwhile.
        var operators = await busy.Life.AsAsync("Adnan Mujkić");
        for (var left = 5; left > 0; left--)
        {
            var list = (await operators.OpenAsync("/operations/notifications/letters")).Expect();
            var page = (await operators.OpenAsync(list.Link("/operations/notifications/letters/"))).Expect();
            (await operators.SubmitAsync(page, "/resolution", ("reason", "Nobody knows who sent this."))).Expect();
        }

        var next = await DraftAsync();
        await SubmitAsync(next);
        await busy.AuditAsync();
    }

    /// <summary>Mounting a small disk needs root; tests of images and pipelines run so.</summary>
    [RootFact]
    public async Task A_full_disk_under_the_database_is_told_to_the_user_and_leaves_nothing_half_done()
    {
        var application = await DraftAsync();
        var disk = Directory.CreateDirectory(Path.Combine(Cluster.Folder, "small-disk")).FullName;
        await ShellAsync($"mount -t tmpfs -o size=2m,mode=700 tmpfs '{disk}' && chown postgres '{disk}'");
        try
        {
            // What every submission writes is on it from now on: the trail of who did what.
            await Cluster.ExecuteAsync("applications", $"create tablespace small location '{disk}'");
            await Cluster.ExecuteAsync("applications", "alter table audit_entries set tablespace small");
            // Down to the last page, where a short line would still find room.
            foreach (var length in (int[])[4000, 400, 1])
            {
                var error = await Assert.ThrowsAsync<PostgresException>(() => Cluster.ExecuteAsync(
                    "applications",
                    $"do $$ begin loop insert into audit_entries (id, at, person_id, action, subject) values (gen_random_uuid(), now(), gen_random_uuid(), 'filler', repeat('x', {length})); commit; end loop; end $$"));
                Assert.Equal(PostgresErrorCodes.DiskFull, error.SqlState);
            }

            var page = await busy.Life.SubmitAsync(application);
            Assert.True((int)page.Status >= 500, $"{(int)page.Status}: {page.Text}");
            Assert.NotEqual("", page.Document.QuerySelector("h1")?.TextContent);
            Assert.DoesNotContain("Exception", page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("No space left", page.Text, StringComparison.Ordinal);
            Assert.Equal(0, Cluster.Auditor.Number("applications", "select count(*) from applications where id = @id and state <> 'Draft'", application));
            Assert.Equal(0, Cluster.Auditor.Number("applications", "select count(*) from timeline_entries where application_id = @id and kind = 'Submitted'", application));
            (await (await busy.Life.AsAsync(Life.Applicant)).OpenAsync("/applications")).Expect(); // reading goes on

            // There is room again, and the same button works.
            await ShellAsync($"mount -o remount,size=64m '{disk}'");
            await SubmitAsync(application);
            await busy.AuditAsync();
        }
        finally
        {
            await ShellAsync($"mount -o remount,size=64m '{disk}'");
            await Cluster.ExecuteAsync("applications", "set session_replication_role = replica; delete from audit_entries where action = 'filler'");
            await Cluster.ExecuteAsync("applications", "alter table audit_entries set tablespace pg_default");
            await Cluster.ExecuteAsync("applications", "checkpoint"); // removes the last files from the disk
            await Cluster.ExecuteAsync("applications", "drop tablespace small");
            // Lazily: idle connections of the services still hold the removed files open.
            await ShellAsync($"umount -l '{disk}'");
        }
    }

    long Number(string sql, Guid? id = null) => Cluster.Auditor.Number("notifications", sql, id);

    async Task<Guid> DraftAsync()
    {
        var application = await busy.Life.StartAsync(await busy.Life.RegisterOrganisationAsync($"Udruženje „Pismo {Guid.NewGuid():N}“"));
        await busy.Life.FillAsync(application, "Pisma", "2.000,00", "Razgovarali smo sa stanovnicima.");
        return application;
    }

    async Task SubmitAsync(Guid application)
    {
        (await busy.Life.SubmitAsync(application)).Expect();
        busy.Load.Accepted[application] = await busy.Life.ReferenceAsync(application);
    }

    Task UntilAsync(string what, string sql, Guid id) => BusyCluster.UntilAsync(what, () => Task.FromResult(Number(sql, id) > 0));

    Task UntilLettersAsync(int count) =>
        BusyCluster.UntilAsync($"{count} dead letters", () => Task.FromResult(Number("select count(*) from dead_letters where resolved_at is null") == count));

    async Task<List<string>> ReasonsAsync()
    {
        await using var connection = new NpgsqlConnection(Cluster.ConnectionString("notifications"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select error from dead_letters where resolved_at is null", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var reasons = new List<string>();
        while (await reader.ReadAsync()) reasons.Add(reader.GetString(0));
        return reasons;
    }

    // The transport's envelope around the event, as it travels.
    static JsonNode Altered(JsonNode message, bool newId, Action<JsonNode> body, Action<JsonNode>? envelope = null)
    {
        var copy = message.DeepClone();
        var payload = JsonNode.Parse((string)copy["payload"]!)!;
        body(payload["message"]!);
        envelope?.Invoke(payload);
        if (newId)
        {
            var id = Guid.CreateVersion7().ToString();
            payload["messageId"] = id;
            copy["properties"]!["message_id"] = id;
        }

        copy["payload"] = payload.ToJsonString();
        return copy;
    }

    async Task<JsonNode> FirstInAsync(string queue)
    {
        JsonNode? first = null;
        await BusyCluster.UntilAsync($"a message in {queue}", async () =>
        {
            var got = await ManageAsync(HttpMethod.Post, $"queues/grants/{queue}/get", new JsonObject { ["count"] = 1, ["ackmode"] = "ack_requeue_true", ["encoding"] = "auto" });
            first = got!.AsArray().FirstOrDefault();
            return first is not null;
        });
        return first!;
    }

    async Task SendAsync(string queue, JsonNode message)
    {
        var routed = await ManageAsync(HttpMethod.Post, "exchanges/grants/amq.default/publish", new JsonObject
        {
            ["routing_key"] = queue, ["properties"] = message["properties"]!.DeepClone(), ["payload"] = message["payload"]!.DeepClone(), ["payload_encoding"] = "string",
        });
        Assert.True((bool)routed!["routed"]!);
    }

    async Task<JsonNode?> ManageAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await Cluster.Management.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    internal static async Task ShellAsync(string command)
    {
        using var shell = Process.Start("/bin/sh", ["-c", command]);
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }
}

/// <summary>A test that only root can do.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "needs root";
    }
}
