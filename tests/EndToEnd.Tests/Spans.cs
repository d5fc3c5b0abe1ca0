using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grants.EndToEnd.Tests;

/// <summary>A span as who reads traces sees it.</summary>
/// <param name="Source">Who made it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Id">16 hexadecimal digits.</param>
/// <param name="Parent">Id of the span it is part of or follows from; empty for a first one.</param>
/// <param name="Tags">Tags, and those of its events.</param>
public sealed record Span(string Source, string Name, string Id, string Parent, IReadOnlyList<(string Key, string Value)> Tags)
{
    /// <summary>The same of a span of this process.</summary>
    public static Span Of(Activity activity) => new(
        activity.Source.Name, activity.DisplayName, activity.SpanId.ToString(), activity.ParentSpanId == default ? "" : activity.ParentSpanId.ToString(),
        [.. activity.TagObjects.Concat(activity.Events.SelectMany(e => e.Tags)).Concat(activity.Baggage.Select(item => KeyValuePair.Create(item.Key, (object?)item.Value)))
            .Select(tag => (tag.Key, Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? ""))]);

    /// <summary>Value of a tag; null without.</summary>
    public string? Tag(string key) => Tags.FirstOrDefault(tag => tag.Key == key).Value;
}

/// <summary>Takes spans as a collector would: OTLP over HTTP, on a free port of this machine.</summary>
public sealed class Collector : IAsyncDisposable
{
    readonly WebApplication app;

    Collector(WebApplication app) => this.app = app;

    /// <summary>What came.</summary>
    public ConcurrentBag<Span> Spans { get; } = [];

    /// <summary>What processes must be told to send theirs here.</summary>
    public (string Name, string Value)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "500"),
        // A busy machine may be late, but nothing is to be dropped.
        ("OTEL_BSP_MAX_QUEUE_SIZE", "100000"),
    ];

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var collector = new Collector(app);
        app.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            foreach (var span in Read(body.ToArray())) collector.Spans.Add(span);
            return Results.StatusCode((int)HttpStatusCode.OK);
        });
        await app.StartAsync();
        return collector;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    // opentelemetry/proto/trace/v1: ExportTraceServiceRequest > ResourceSpans > ScopeSpans > Span. Only what is asked of it is read.
    static IEnumerable<Span> Read(byte[] request) =>
        from resource in Parts(request, 1)
        from scope in Parts(resource, 2)
        let source = Parts(scope, 1).SelectMany(instrumentation => Parts(instrumentation, 1)).Select(Encoding.UTF8.GetString).FirstOrDefault() ?? ""
        from span in Parts(scope, 2)
        select new Span(
            source, Encoding.UTF8.GetString(Parts(span, 5).FirstOrDefault() ?? []), Convert.ToHexStringLower(Parts(span, 2).Single()),
            Convert.ToHexStringLower(Parts(span, 4).FirstOrDefault() ?? []),
            [.. Parts(span, 9).Concat(Parts(span, 11).SelectMany(happened => Parts(happened, 3))).Select(Attribute)]);

    static (string Key, string Value) Attribute(byte[] pair) =>
        (Encoding.UTF8.GetString(Parts(pair, 1).Single()), Parts(pair, 2).SelectMany(value => Parts(value, 1)).Select(Encoding.UTF8.GetString).FirstOrDefault() ?? "");

    // The fields of a protobuf message with this number that are messages, strings or bytes.
    static IEnumerable<byte[]> Parts(byte[] message, int number)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            switch (key & 7)
            {
                case 0: Varint(message, ref at); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if (key >> 3 == (ulong)number) yield return message[at..(at + length)];
                    at += length;
                    break;
                default: throw new InvalidDataException("not protobuf");
            }
        }
    }

    static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }
}
