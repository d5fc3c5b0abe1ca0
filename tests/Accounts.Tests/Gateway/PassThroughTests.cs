using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grants.Accounts.Tests.Gateway;

/// <summary>What of a request reaches a service, and what of an answer the browser.</summary>
public sealed class PassThroughTests
{
    [Theory]
    [InlineData("/calls/a%2Fb")]
    [InlineData("/calls/%D0%82%D0%BE%D1%80%D1%92%D0%B5/%C5%BE")]
    [InlineData("/calls/a%20b+c%2525d%25")]
    [InlineData("/calls/(a)'!*~$&,;=:@")]
    [InlineData("/calls/%41bc/x%5By%5D")]
    [InlineData("/calls?q=%D1%82%D0%B5%D1%81%D1%82&q=a%26b+c%2B&empty=&x=[1]|2")]
    [InlineData("/calls/?")]
    [InlineData("/CALLS/Case")]
    [InlineData("/api/calls/a//b")]
    [InlineData("/")]
    [InlineData("/?x=%2F%2e%2e%2f")]
    public async Task A_path_passes_letter_by_letter(string target)
    {
        await using var service = await Replica.StartAsync(app => app.Run(context => context.Response.WriteAsync(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget)));
        await using var gateway = await GatewayApp.StartAsync([("applications", service.Address)]);
        Assert.EndsWith("\r\n\r\n" + target, (await RawAsync(gateway, target)).Replace("\r\n0\r\n\r\n", "", StringComparison.Ordinal).Replace($"\r\n{target.Length:x}\r\n", "\r\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/calls/../people")]
    [InlineData("/calls/%2e%2e/people")]
    [InlineData("/./people")]
    public async Task A_path_with_dots_goes_where_it_leads_and_nowhere_else(string target)
    {
        await using var people = await Replica.StartAsync(app => app.MapGet("/people", () => "who may see people was asked here"));
        await using var gateway = await GatewayApp.StartAsync([("accounts", people.Address)]);
        Assert.Contains("who may see people was asked here", await RawAsync(gateway, target));
    }

    [Theory]
    [InlineData("Authorization", "Bearer stolen")]
    [InlineData("Authorization", "Basic YTpi")]
    [InlineData("X-Forwarded-For", "10.0.0.1")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("x-forwarded-prefix", "/x")]
    [InlineData("X-Forwarded", "for=10.0.0.1")]
    [InlineData("X-Real-IP", "10.0.0.1")]
    [InlineData("Forwarded", "for=10.0.0.1")]
    [InlineData("X-Original-Host", "evil.example")]
    [InlineData("X-Original-URL", "/people")]
    [InlineData("X-Rewrite-URL", "/people")]
    [InlineData("X-HTTP-Method-Override", "DELETE")]
    [InlineData("X-Grants-Service", "guessed")]
    [InlineData("x-grants-session", "somebody")]
    [InlineData("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("tracestate", "strange=1")]
    [InlineData("baggage", "person=1")]
    [InlineData("Correlation-Context", "person=1")]
    [InlineData("Request-Id", "|strange.1.")]
    [InlineData("b3", "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1")]
    [InlineData("Connection", "X-Grants-Session")]
    public async Task What_only_we_may_say_does_not_reach_a_service(string name, string value)
    {
        await using var service = await Replica.StartAsync(Echo);
        await using var gateway = await GatewayApp.StartAsync([("applications", service.Address)]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/calls");
        request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("X-Requested-With", "autosave");
        var seen = await (await gateway.Client.SendAsync(request)).Content.ReadAsStringAsync();
        Assert.Contains("X-Requested-With: autosave", seen);
        // The trace is handed on, but it is ours.
        if (name is not "traceparent") Assert.DoesNotContain($"\n{name}:", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(value, seen);
    }

    [Fact]
    public async Task A_service_hears_the_host_that_people_typed_and_nothing_of_where_they_are()
    {
        await using var service = await Replica.StartAsync(Echo);
        await using var gateway = await GatewayApp.StartAsync([("applications", service.Address)]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/calls");
        request.Headers.Host = "grants.example.org";
        var seen = await (await gateway.Client.SendAsync(request)).Content.ReadAsStringAsync();
        Assert.Contains("Host: grants.example.org", seen);
        Assert.DoesNotContain("127.0.0.1", seen);
    }

    [Fact]
    public async Task An_upload_streams_through_and_its_first_bytes_arrive_before_the_last_are_sent()
    {
        const int Size = 20 * 1024 * 1024;
        var began = new TaskCompletionSource();
        var read = 0L;
        await using var service = await Replica.StartAsync(app => app.MapPost("/apply/file", async (HttpRequest request) =>
        {
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await request.Body.ReadAsync(buffer)) > 0)
            {
                read += count;
                began.TrySetResult();
            }

            return read;
        }));
        await using var gateway = await GatewayApp.StartAsync([("applications", service.Address)]);
        var content = new Waiting(Size, began.Task);
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
        var answer = await gateway.Client.PostAsync("/apply/file", content);
        Assert.Equal(Size.ToString(), await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Who_closes_the_browser_ends_the_work_of_the_service()
    {
        var (began, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var service = await Replica.StartAsync(app => app.MapGet("/ledger", async (HttpContext context) =>
        {
            context.RequestAborted.Register(ended.SetResult);
            began.SetResult();
            await ended.Task;
        }));
        await using var gateway = await GatewayApp.StartAsync([("disbursements", service.Address)]);
        using var leave = new CancellationTokenSource();
        var asked = gateway.Client.GetAsync("/ledger", leave.Token);
        await began.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await ended.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_download_streams_through()
    {
        var firstSeen = new TaskCompletionSource();
        await using var service = await Replica.StartAsync(app => app.MapGet("/ledger/export", async (HttpContext context) =>
        {
            context.Response.ContentType = "application/pdf";
            await context.Response.WriteAsync("first");
            await context.Response.Body.FlushAsync();
            await firstSeen.Task.WaitAsync(TimeSpan.FromMinutes(1));
            await context.Response.WriteAsync("last");
        }));
        await using var gateway = await GatewayApp.StartAsync([("disbursements", service.Address)]);
        using var answer = await gateway.Client.GetAsync("/ledger/export", HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[5];
        await stream.ReadExactlyAsync(buffer);
        Assert.Equal("first", Encoding.ASCII.GetString(buffer));
        firstSeen.SetResult();
        Assert.Equal("last", await new StreamReader(stream).ReadToEndAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_is_compressed_once(bool byService)
    {
        var page = new string('ж', 5000);
        await using var service = await Replica.StartAsync(app => app.MapGet("/calls", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            if (!byService)
            {
                await context.Response.WriteAsync(page);
                return;
            }

            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(page));
        }));
        await using var gateway = await GatewayApp.StartAsync([("applications", service.Address)]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/calls");
        request.Headers.Add("Accept-Encoding", "gzip");
        using var answer = await gateway.Client.SendAsync(request);
        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        await using var unpacked = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        Assert.Equal(page, await new StreamReader(unpacked).ReadToEndAsync());
    }

    static void Echo(WebApplication app) => app.Run(context =>
        context.Response.WriteAsync("\n" + string.Join("\n", context.Request.Headers.Select(header => $"{header.Key}: {header.Value}"))));

    // Written by hand: HttpClient would tidy the target up.
    static async Task<string> RawAsync(GatewayApp gateway, string target)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        return await new StreamReader(stream).ReadToEndAsync();
    }

    /// <summary>A body whose second half is not sent before somebody has seen the first.</summary>
    sealed class Waiting(int size, Task until) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var half = new byte[size / 2];
            await stream.WriteAsync(half);
            await stream.FlushAsync();
            await until.WaitAsync(TimeSpan.FromMinutes(1));
            await stream.WriteAsync(half);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return true;
        }
    }
}
