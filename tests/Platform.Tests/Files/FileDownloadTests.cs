using FsCheck;
using FsCheck.Fluent;
using Grants.Platform.Files;
using Grants.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Tests.Files;

public class FileDownloadTests
{
    [Theory]
    [InlineData("Statut udruženja.pdf", "Statut udruženja.pdf")]
    [InlineData("Статут.pdf", "Статут.pdf")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(@"C:\Users\me\opis.docx", "opis.docx")]
    [InlineData("faktura\u202Egpj.exe", "fakturagpj.exe")]
    [InlineData("a\u0000b\r\nc.pdf", "abc.pdf")]
    [InlineData("budget<1>:\"x\"|?*.xlsx", "budget_1___x____.xlsx")]
    [InlineData("c\u030c.pdf", "č.pdf")]
    [InlineData("CON.pdf", "_CON.pdf")]
    [InlineData(" ...  ", "file")]
    [InlineData("..", "file")]
    [InlineData("", "file")]
    [InlineData(null, "file")]
    public void Names_are_made_harmless(string? name, string clean) => Assert.Equal(clean, FileNames.Clean(name));

    [Fact]
    public void Long_names_keep_their_ending()
    {
        var clean = FileNames.Clean(new string('ж', 500) + ".pdf");
        Assert.Equal(new string('ж', 116) + ".pdf", clean);
        Assert.Equal(115 + 4, FileNames.Clean("a" + string.Concat(Enumerable.Repeat("😀", 100)) + ".pdf").Length);
    }

    [Fact]
    public void Cleaning_a_clean_name_changes_nothing() => Prop.ForAll<string>(name =>
    {
        var clean = FileNames.Clean(name);
        return clean.Length is > 0 and <= 121 && FileNames.Clean(clean) == clean && !clean.Any(char.IsControl);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Files_are_saved_not_shown_and_nothing_in_them_runs()
    {
        var (context, body) = await Send("Извештај за проектот.pdf");
        var headers = context.Response.Headers;
        Assert.Equal("application/pdf", context.Response.ContentType);
        Assert.StartsWith("attachment; filename=", headers.ContentDisposition.ToString());
        Assert.Contains("filename*=UTF-8''%D0%98%D0%B7", headers.ContentDisposition.ToString());
        Assert.Equal("nosniff", headers.XContentTypeOptions.ToString());
        Assert.Equal("sandbox; default-src 'none'", headers.ContentSecurityPolicy.ToString());
        Assert.Equal("no-store", headers.CacheControl.ToString());
        Assert.Equal("abc"u8.ToArray(), body);
    }

    [Fact]
    public async Task A_page_is_sent_as_plain_bytes()
    {
        var (context, _) = await Send("page.html");
        Assert.Equal("application/octet-stream", context.Response.ContentType);
    }

    [SharedFact]
    public async Task No_naughty_name_breaks_a_header()
    {
        foreach (var name in Naughty.Strings)
        {
            var (context, _) = await Send(name);
            Assert.All(context.Response.Headers.ContentDisposition.ToString(), letter => Assert.InRange(letter, ' ', '~'));
        }
    }

    static async Task<(HttpContext Context, byte[] Body)> Send(string name)
    {
        var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        context.Response.Body = body;
        await FileDownload.Result(new MemoryStream("abc"u8.ToArray()), name).ExecuteAsync(context);
        return (context, body.ToArray());
    }
}
