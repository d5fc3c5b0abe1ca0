using System.Net;
using System.Text;
using Grants.Applications.Domain;
using Grants.Applications.Features.Apply;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using Grants.Testing;
using Grants.Testing.Clam;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Applications.Tests.Features.Apply;

/// <summary>Uploads with a real virus scanner behind a line that may fail: what is harmful never gets in, and a scanner that is away costs nobody the deadline.</summary>
public sealed class DocumentCheckTests : IAsyncLifetime, IDisposable
{
    static readonly byte[] Harmful = [.. World.Pdf(), .. Encoding.ASCII.GetBytes(ClamServer.Harmful)];

    World world = null!;
    FaultyLine line = null!;
    Guid id;

    public async Task InitializeAsync()
    {
        line = new FaultyLine((await ClamServer.RunningAsync()).EndPoint);
        world = await World.StartAsync(null, ("Files:Clamd", $"127.0.0.1:{line.Port}"));
        id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
    }

    public async Task DisposeAsync() => await world.DisposeAsync();

    public void Dispose() => line.Dispose();

    static Task CheckAsync(World world) => world.Db(async db =>
    {
        var services = world.Service.Services;
        await DocumentChecks.Run(db, services.GetRequiredService<FileStore>(), services.GetRequiredService<FileScanner>(), services.GetRequiredService<AppTime>(), default);
        return 0;
    });

    string[] FilesIn(string area)
    {
        var folder = Path.Combine(world.Service.Folder, "files", area);
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }

    Task<List<AuditEntry>> RefusalsAsync() =>
        world.Db(db => db.Set<AuditEntry>().Where(entry => entry.Action == "application.file-refused").OrderBy(entry => entry.At).ThenBy(entry => entry.Id).ToListAsync());

    async Task<DocumentState> StateAsync(Guid application, string document = "registration") =>
        await world.Db(db => db.DraftDocuments.Where(file => file.ApplicationId == application && file.DocumentId == document).Select(file => file.State).SingleAsync());

    Task<HttpResponseMessage> DownloadAsync(Platform.Http.Caller caller) => world.As(caller).GetAsync($"/applications/{id}/documents/registration");

    [Fact]
    public async Task A_clean_document_is_attached_within_the_upload()
    {
        Assert.Equal(HttpStatusCode.Found, (await world.UploadAsync(World.Ana, id, "registration", "one.pdf", World.Pdf(500_000))).StatusCode);
        Assert.Equal(DocumentState.Attached, await StateAsync(id));
        Assert.Equal(World.Pdf(500_000), await (await DownloadAsync(World.Ana)).Content.ReadAsByteArrayAsync());
        Assert.Empty(FilesIn(FileArea.Quarantine));
    }

    [Fact]
    public async Task A_harmful_document_is_refused_beside_its_field_and_the_one_before_it_stays()
    {
        await world.UploadAsync(World.Ana, id, "registration", "one.pdf", World.Pdf(1000));
        var answer = await world.UploadAsync(World.Ana, id, "registration", "two.pdf", Harmful);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("two.pdf was not taken: the virus check found something harmful in it", await World.TextAsync(answer));
        Assert.Contains("id=\"file-registration-error\"", await answer.Content.ReadAsStringAsync());
        Assert.Equal(World.Pdf(1000), await (await DownloadAsync(World.Ana)).Content.ReadAsByteArrayAsync());
        Assert.Empty(FilesIn(FileArea.Quarantine));
        Assert.Single(FilesIn(FileArea.Attachments));
        var refusal = Assert.Single(await RefusalsAsync());
        Assert.Equal((World.Ana.PersonId, id.ToString()), (refusal.PersonId, refusal.Subject));
        Assert.Contains(ClamServer.Signature, refusal.Reason);
        Assert.Contains(CanonicalJson.Sha256Hex(Harmful), refusal.Reason);
    }

    [Fact]
    public async Task A_document_the_scanner_does_not_take_is_refused_with_what_to_do()
    {
        var answer = await world.UploadAsync(World.Ana, id, "registration", "large.pdf", World.Pdf(ClamServer.StreamMaxLength + 1));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("large.pdf was not taken: it is too large for the virus check. Make it smaller", await World.TextAsync(answer));
        Assert.Empty(FilesIn(FileArea.Quarantine));
        Assert.Empty(FilesIn(FileArea.Attachments));
    }

    [Fact]
    public async Task While_the_scanner_is_away_the_document_waits_and_is_attached_by_itself()
    {
        line.GoAway();
        await world.FillAsync(World.Ana, id);
        var page = await world.PageAsync(World.Ana, $"/applications/{id}/documents");
        Assert.Contains("Being checked Rješenje o upisu.pdf", page);
        Assert.Contains("We have received this file and are checking it for viruses.", page);
        Assert.Contains("Provjerava se Rješenje o upisu.pdf", await world.PageAsync(World.Ana, $"/applications/{id}/check", "bs"));
        Assert.Equal(HttpStatusCode.NotFound, (await DownloadAsync(World.Ana)).StatusCode);
        Assert.Empty(FilesIn(FileArea.Attachments));
        await Assert.ThrowsAsync<ScannerUnavailableException>(() => CheckAsync(world));

        line.ComeBack();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await StateAsync(id) != DocumentState.Attached) await pause.WaitForNextTickAsync(patience.Token);
        Assert.Equal(World.Pdf(), await (await DownloadAsync(World.Ana)).Content.ReadAsByteArrayAsync());
        Assert.Empty(FilesIn(FileArea.Quarantine));
    }

    [Fact]
    public async Task A_late_check_does_not_make_an_application_late()
    {
        line.GoAway();
        await world.FillAsync(World.Ana, id);
        Assert.Equal($"/applications/{id}/receipt", (await world.SubmitAsync(World.Ana, id)).Headers.Location!.ToString());
        Assert.Contains("Rješenje o upisu.pdf", await world.PageAsync(World.Ana, $"/applications/{id}/receipt"));
        Assert.Contains("Being checked Rješenje o upisu.pdf", await world.PageAsync(World.Officer, $"/desk/applications/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, (await DownloadAsync(World.Officer)).StatusCode);
        var answers = new Dictionary<string, string> { ["item-in-time"] = "yes", ["item-complete"] = "yes", ["eligible"] = "yes", ["reason"] = "All is there." };
        var tooEarly = await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check", answers);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, tooEarly.StatusCode);
        Assert.Contains("A document is still being checked for viruses", await World.TextAsync(tooEarly));
        Assert.Contains("All is there.", await World.TextAsync(tooEarly));

        line.ComeBack();
        await CheckAsync(world);
        Assert.Equal(World.Pdf(), await (await DownloadAsync(World.Officer)).Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.Found, (await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check", answers)).StatusCode);
        Assert.Equal(ApplicationState.Eligible, (await world.ApplicationAsync(id)).State);
    }

    [Fact]
    public async Task What_turns_out_harmful_in_a_draft_counts_as_not_uploaded()
    {
        await world.FillAsync(World.Ana, id);
        line.GoAway();
        await world.UploadAsync(World.Ana, id, "registration", "late.pdf", Harmful);
        line.ComeBack();
        await CheckAsync(world);
        var page = await world.PageAsync(World.Ana, $"/applications/{id}/documents");
        Assert.Contains("Refused late.pdf", page);
        Assert.Contains("late.pdf was not taken: the virus check found something harmful in it", page);
        Assert.Contains("Datoteka late.pdf nije primljena", await world.PageAsync(World.Ana, $"/applications/{id}/documents", "bs"));
        Assert.Equal(HttpStatusCode.NotFound, (await DownloadAsync(World.Ana)).StatusCode);
        Assert.Empty(FilesIn(FileArea.Quarantine));
        Assert.Equal(Guid.Empty, Assert.Single(await RefusalsAsync()).PersonId);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await world.SubmitAsync(World.Ana, id)).StatusCode);
        await world.UploadAsync(World.Ana, id, "registration", "better.pdf", World.Pdf());
        Assert.Equal($"/applications/{id}/receipt", (await world.SubmitAsync(World.Ana, id)).Headers.Location!.ToString());
    }

    [Fact]
    public async Task What_turns_out_harmful_after_the_submission_is_said_to_everybody_and_given_to_nobody()
    {
        line.GoAway();
        await world.FillAsync(World.Ana, id);
        await world.UploadAsync(World.Ana, id, "registration", "late.pdf", Harmful);
        await world.SubmitAsync(World.Ana, id);
        line.ComeBack();
        await CheckAsync(world);
        await CheckAsync(world);
        Assert.Contains("A document was refused because of the virus check: late.pdf", await world.PageAsync(World.Ana, $"/applications/{id}"));
        Assert.Contains("Refused late.pdf", await world.PageAsync(World.Ana, $"/applications/{id}/dossier"));
        Assert.Contains("Refused late.pdf", await world.PageAsync(World.Officer, $"/desk/applications/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, (await DownloadAsync(World.Ana)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await DownloadAsync(World.Officer)).StatusCode);
        Assert.DoesNotContain(CanonicalJson.Sha256Hex(Harmful), FilesIn(FileArea.Quarantine).Select(Path.GetFileName));
        Assert.Single(await RefusalsAsync());
        Assert.Equal(1, await world.Db(db => db.TimelineEntries.CountAsync(entry => entry.Kind == TimelineKind.DocumentRefused)));
    }

    [Fact]
    public async Task A_submission_and_the_refusal_of_its_document_at_the_same_moment_know_of_each_other()
    {
        for (var round = 0; round < 8; round++)
        {
            var person = World.Person($"Person {round}");
            var application = await world.StartDraftAsync(person, await world.RegisterAsync(person, $"Udruženje {round}"));
            line.GoAway();
            await world.FillAsync(person, application);
            await world.UploadAsync(person, application, "registration", "late.pdf", [.. Harmful, (byte)round]);
            line.ComeBack();
            var submission = world.SubmitAsync(person, application);
            await CheckAsync(world);
            var answer = await submission;
            Assert.Equal(DocumentState.Infected, await StateAsync(application));
            var isTold = await world.Db(db => db.TimelineEntries.AnyAsync(entry => entry.ApplicationId == application && entry.Kind == TimelineKind.DocumentRefused));
            Assert.Equal(answer.StatusCode == HttpStatusCode.Found, isTold);
            Assert.Equal(isTold ? ApplicationState.Submitted : ApplicationState.Draft, (await world.ApplicationAsync(application)).State);
        }
    }

    [Fact]
    public async Task The_same_bytes_in_two_places_are_judged_alike()
    {
        line.GoAway();
        await world.UploadAsync(World.Ana, id, "registration", "one.pdf", Harmful);
        await world.UploadAsync(World.Ana, id, "budget", "two.pdf", Harmful);
        var other = await world.StartDraftAsync(World.Boris, await world.RegisterAsync(World.Boris, "Здружение"));
        await world.UploadAsync(World.Boris, other, "registration", "three.pdf", World.Pdf());
        line.ComeBack();
        // These go through at once, and take the bytes that wait out of quarantine.
        await world.UploadAsync(World.Boris, other, "budget", "four.pdf", World.Pdf());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await world.UploadAsync(World.Boris, other, "budget", "five.pdf", Harmful)).StatusCode);
        await CheckAsync(world);
        Assert.Equal((DocumentState.Infected, DocumentState.Infected), (await StateAsync(id), await StateAsync(id, "budget")));
        Assert.Equal((DocumentState.Attached, DocumentState.Attached), (await StateAsync(other), await StateAsync(other, "budget")));
        Assert.Equal(3, (await RefusalsAsync()).Count);
        Assert.Empty(FilesIn(FileArea.Quarantine));
        Assert.Single(FilesIn(FileArea.Attachments));
    }

    [Fact]
    public async Task A_document_replaced_while_it_was_checked_keeps_the_state_of_the_new_one()
    {
        line.GoAway();
        await world.UploadAsync(World.Ana, id, "registration", "late.pdf", Harmful);
        line.ComeBack();
        await world.UploadAsync(World.Ana, id, "registration", "better.pdf", World.Pdf());
        await CheckAsync(world);
        Assert.Equal(DocumentState.Attached, await StateAsync(id));
        Assert.Empty(await RefusalsAsync());
    }

    [Fact]
    public async Task A_scan_cut_in_the_middle_is_made_again()
    {
        line.CutUpAfter(100_000);
        await world.UploadAsync(World.Ana, id, "registration", "one.pdf", World.Pdf(500_000));
        Assert.Equal(1, line.Faults);
        await CheckAsync(world);
        Assert.Equal(DocumentState.Attached, await StateAsync(id));
    }

    [Fact]
    public async Task Waiting_documents_are_never_swept_and_forgotten_ones_are()
    {
        line.GoAway();
        await world.UploadAsync(World.Ana, id, "registration", "one.pdf", World.Pdf(1000));
        await world.UploadAsync(World.Ana, id, "registration", "two.pdf", World.Pdf(2000));
        var sweeper = world.Service.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<FileSweeper>().Single();
        for (var day = 0; day < 2; day++)
        {
            foreach (var file in Directory.GetFiles(Path.Combine(world.Service.Folder, "files"), "*", SearchOption.AllDirectories))
                File.SetLastWriteTimeUtc(file, world.Service.Services.GetRequiredService<AppTime>().Now.UtcDateTime.AddDays(-2));
            await sweeper.RunOnceAsync();
        }

        Assert.Equal(CanonicalJson.Sha256Hex(World.Pdf(2000)), Path.GetFileName(Assert.Single(FilesIn(FileArea.Quarantine))));
        line.ComeBack();
        await CheckAsync(world);
        Assert.Equal(World.Pdf(2000), await (await DownloadAsync(World.Ana)).Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Waiting_documents_are_let_out_when_scanning_is_turned_off()
    {
        line.GoAway();
        await world.UploadAsync(World.Ana, id, "registration", "one.pdf", World.Pdf(1000));
        await world.Db(async db =>
        {
            var services = world.Service.Services;
            await DocumentChecks.Run(db, services.GetRequiredService<FileStore>(), new FileScanner(null), services.GetRequiredService<AppTime>(), default);
            return 0;
        });
        Assert.Equal(DocumentState.Attached, await StateAsync(id));
    }
}
