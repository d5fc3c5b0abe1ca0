using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grants.Accounts.Tests.Gateway;

public sealed class ReplicaTests
{
    [Fact]
    public async Task A_rolling_restart_under_load_loses_no_request_and_does_none_twice()
    {
        var done = new ConcurrentDictionary<string, int>();
        var starts = 0;
        void Map(WebApplication app)
        {
            var me = Interlocked.Increment(ref starts);
            app.MapGet("/calls", () => me.ToString());
            app.MapPost("/apply", (HttpRequest request) =>
            {
                done.AddOrUpdate(request.Query["id"]!, 1, (_, times) => times + 1);
                return me.ToString();
            });
        }

        await using var first = await Replica.StartAsync(Map, TimeSpan.FromSeconds(5));
        await using var second = await Replica.StartAsync(Map, TimeSpan.FromSeconds(5));
        await using var gateway = await GatewayApp.StartAsync([("applications", $"{first.Address};{second.Address}")], "--Edge:RequestsPerMinute=100000000");
        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentDictionary<string, int>();
        var (sent, failures) = (0, new ConcurrentQueue<string>());
        var load = Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            using var client = gateway.NewClient();
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                using var answer = i % 2 == 0
                    ? await client.GetAsync("/calls")
                    : await client.PostAsync($"/apply?id={worker}-{i}", new FormUrlEncodedContent([new("text", "Ђорђе")]));
                var text = await answer.Content.ReadAsStringAsync();
                if (i % 2 == 1) Interlocked.Increment(ref sent);
                if (answer.StatusCode == HttpStatusCode.OK) answers.AddOrUpdate(text, 1, (_, count) => count + 1);
                else failures.Enqueue($"{i} {(int)answer.StatusCode} {text}");
            }
        })).ToArray();
        foreach (var replica in (Replica[])[first, second])
        {
            await Eventually.TrueAsync(() => answers.Count >= 2 && answers.ContainsKey(Volatile.Read(ref starts).ToString()));
            await replica.StopAsync();
            await replica.StartAgainAsync();
        }

        await Eventually.TrueAsync(() => answers.ContainsKey("4"));
        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.Empty(failures);
        Assert.Equal(["1", "2", "3", "4"], answers.Keys.Order());
        Assert.Equal(sent, done.Count);
        Assert.All(done, entry => Assert.Equal(1, entry.Value));
    }

    [Fact]
    public async Task A_replica_that_was_asked_to_stop_is_not_ready_and_works_on_until_it_stops()
    {
        await using var replica = await Replica.StartAsync(app => app.MapGet("/calls", () => "calls"), TimeSpan.FromMinutes(1));
        using var client = new HttpClient { BaseAddress = new Uri(replica.Address) };
        Assert.Null((await client.GetAsync("/calls")).Headers.ConnectionClose);
        using var now = new CancellationTokenSource();
        var stopped = replica.StopAsync(now.Token);
        await Eventually.TrueAsync(async () => (await client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.True((await client.GetAsync("/calls")).Headers.ConnectionClose);
        await now.CancelAsync();
        await stopped;
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/calls"));
    }

    [Fact]
    public async Task What_could_not_be_delivered_goes_to_another_replica()
    {
        await using var replica = await Replica.StartAsync(app => app.MapPost("/apply", () => "taken"));
        await using var gateway = await GatewayApp.StartAsync([("applications", $"{Ports.Nowhere()};{Ports.Nowhere()};{replica.Address}")]);
        for (var i = 0; i < 20; i++)
            Assert.Equal("taken", await (await gateway.Client.PostAsync("/apply", new FormUrlEncodedContent([new("text", "x")]))).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_was_only_read_is_asked_of_another_replica_when_one_hangs_up()
    {
        await using var replica = await Replica.StartAsync(app => app.MapGet("/calls", () => "calls"));
        using var dying = new HangsUp();
        await using var gateway = await GatewayApp.StartAsync([("applications", $"{dying.Address};{replica.Address}")]);
        await Eventually.TrueAsync(async () =>
        {
            Assert.Equal("calls", await gateway.Client.GetStringAsync("/calls"));
            return dying.Requests > 0;
        });
    }

    [Theory]
    [InlineData("text=x")]
    [InlineData("")]
    [InlineData(null)]
    public async Task What_may_have_been_done_is_not_sent_again(string? body)
    {
        await using var replica = await Replica.StartAsync(app => app.MapPost("/apply", () => "taken"));
        using var dying = new HangsUp();
        await using var gateway = await GatewayApp.StartAsync([("applications", dying.Address)]);
        Assert.Equal("warm", await gateway.Client.GetStringAsync("/apply/warm"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/apply") { Content = body is null ? null : new StringContent(body) };
        var answer = await gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("cannot tell whether it was saved", await answer.Content.ReadAsStringAsync());
        Assert.Equal(1, dying.Requests);
    }

    [Fact]
    public async Task A_replica_that_is_not_ready_gets_nothing_and_comes_back_when_it_is()
    {
        var ready = false;
        await using var well = await Replica.StartAsync(app => app.MapGet("/calls", () => "well"));
        await using var gateway = await StartWith(new SlowStart(() => Volatile.Read(ref ready)), well);
        for (var i = 0; i < 30; i++) Assert.Equal("well", await gateway.Gateway.Client.GetStringAsync("/calls"));
        Volatile.Write(ref ready, true);
        await Eventually.TrueAsync(async () => await gateway.Gateway.Client.GetStringAsync("/calls") == "late");
    }

    [Fact]
    public async Task When_no_replica_says_it_is_ready_those_that_answer_are_used()
    {
        await using var gateway = await StartWith(new SlowStart(() => false), null);
        Assert.Equal("late", await gateway.Gateway.Client.GetStringAsync("/calls"));
    }

    sealed record SlowStart(Func<bool> IsReady);

    sealed record Running(GatewayApp Gateway, WebApplication Late) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await Late.DisposeAsync();
        }
    }

    static async Task<Running> StartWith(SlowStart start, Replica? other)
    {
        var late = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]).Build();
        late.MapGet("/health/ready", () => start.IsReady() ? Results.Ok() : Results.StatusCode(503));
        late.MapGet("/calls", () => "late");
        await late.StartAsync();
        return new(await GatewayApp.StartAsync([("applications", string.Join(';', new[] { late.Urls.Single(), other?.Address }.OfType<string>()))]), late);
    }
}
