using System.Net;
using Grants.Testing;
using Grants.Testing.S3;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Apply;

/// <summary>Applying while files lie in a bucket that fails: a sentence for the person, nothing lost, and the same button works later.</summary>
public sealed class BucketTests : IAsyncLifetime, IDisposable
{
    World world = null!;
    FaultyLine line = null!;

    public async Task InitializeAsync()
    {
        var server = await S3Server.RunningAsync();
        line = new FaultyLine(server.Port);
        world = await World.StartAsync(
            null, ("Files:Bucket", server.NewBucket()), ("Files:Endpoint", $"http://127.0.0.1:{line.Port}"), ("Files:AccessKey", S3Server.Key), ("Files:SecretKey", S3Server.Key));
    }

    public async Task DisposeAsync() => await world.DisposeAsync();

    public void Dispose() => line.Dispose();

    [Fact]
    public async Task An_upload_while_the_bucket_is_away_keeps_the_document_that_was_there_and_works_later()
    {
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.UploadAsync(World.Ana, id, "registration", "one.pdf", World.Pdf(1000));
        line.GoAway();
        var away = await world.UploadAsync(World.Ana, id, "registration", "two.pdf", World.Pdf(300_000));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.Contains("Files cannot be reached at the moment, so nothing was changed.", await World.TextAsync(away));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await world.As(World.Ana).GetAsync($"/applications/{id}/documents/registration")).StatusCode);
        Assert.Equal("one.pdf", await world.Db(db => db.DraftDocuments.Select(file => file.FileName).SingleAsync()));
        line.ComeBack();
        Assert.Equal(HttpStatusCode.Found, (await world.UploadAsync(World.Ana, id, "registration", "two.pdf", World.Pdf(300_000))).StatusCode);
        var file = await world.As(World.Ana).GetAsync($"/applications/{id}/documents/registration");
        Assert.Equal(300_000, file.Content.Headers.ContentLength);
        Assert.Equal(World.Pdf(300_000), await file.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_submission_while_the_bucket_is_away_is_not_half_made_and_works_later()
    {
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.FillAsync(World.Ana, id);
        line.GoAway();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await world.SubmitAsync(World.Ana, id)).StatusCode);
        Assert.Null((await world.ApplicationAsync(id)).Reference);
        line.ComeBack();
        Assert.Equal($"/applications/{id}/receipt", (await world.SubmitAsync(World.Ana, id)).Headers.Location!.ToString());
        Assert.Contains("L4C-2026-00001", await world.PageAsync(World.Ana, $"/applications/{id}/receipt"));
    }
}
