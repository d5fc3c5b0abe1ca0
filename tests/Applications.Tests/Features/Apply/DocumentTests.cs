using System.IO.Compression;
using System.Net;
using System.Text;
using Grants.Applications.Features.Apply;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Apply;

public sealed class DocumentTests
{
    [Fact]
    public async Task A_document_comes_back_byte_for_byte_under_its_own_name()
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.UploadAsync(World.Ana, id, "registration", "Рјешење о упису.pdf", World.Pdf(5000));
        var answer = await world.As(World.Ana).GetAsync($"/applications/{id}/documents/registration");
        Assert.Equal(World.Pdf(5000), await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/pdf", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("attachment", answer.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal("Рјешење о упису.pdf", answer.Content.Headers.ContentDisposition.FileNameStar);
    }

    [Theory]
    [InlineData("statute.pdf", "MZ this is a program", "This is not a file we can take.")]
    [InlineData("statute.exe", "%PDF-1.7", "The content of this file is PDF, but it is named statute.exe.")]
    [InlineData("statute.html", "<html><script>alert(1)</script>", "This is not a file we can take.")]
    [InlineData("empty.pdf", "", "An empty file cannot be uploaded.")]
    public async Task A_file_of_another_kind_than_it_says_is_refused_beside_its_field(string name, string content, string sentence)
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        var answer = await world.UploadAsync(World.Ana, id, "registration", name, Encoding.ASCII.GetBytes(content));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(sentence, await World.TextAsync(answer));
        Assert.Contains("id=\"file-registration-error\"", await answer.Content.ReadAsStringAsync());
        Assert.Equal(0, await world.Db(db => db.DraftDocuments.CountAsync()));
    }

    [Fact]
    public async Task The_limit_is_ten_megabytes_to_the_byte()
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        var over = await world.UploadAsync(World.Ana, id, "registration", "big.pdf", World.Pdf((int)AttachDocuments.Limit + 1));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, over.StatusCode);
        Assert.Contains("The file is larger than 10 MB.", await World.TextAsync(over));
        Assert.Equal(HttpStatusCode.Found, (await world.UploadAsync(World.Ana, id, "registration", "big.pdf", World.Pdf((int)AttachDocuments.Limit))).StatusCode);
    }

    [Fact]
    public async Task A_spreadsheet_is_taken_and_an_unknown_place_is_not_there()
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("[Content_Types].xml");
            zip.CreateEntry("xl/workbook.xml");
        }

        Assert.Equal(HttpStatusCode.Found, (await world.UploadAsync(World.Ana, id, "budget", "budžet.xlsx", bytes.ToArray())).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await world.UploadAsync(World.Ana, id, "other", "x.pdf", World.Pdf())).StatusCode);
    }

    [Fact]
    public async Task Another_file_takes_the_place_and_removing_it_empties_it()
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.UploadAsync(World.Ana, id, "registration", "one.pdf", World.Pdf(1000));
        await world.UploadAsync(World.Ana, id, "registration", "two.pdf", World.Pdf(2000));
        Assert.Equal("two.pdf", await world.Db(db => db.DraftDocuments.Select(file => file.FileName).SingleAsync()));
        await Grants.Testing.ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/documents/registration/removal", new { });
        Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.Ana).GetAsync($"/applications/{id}/documents/registration")).StatusCode);
    }
}
