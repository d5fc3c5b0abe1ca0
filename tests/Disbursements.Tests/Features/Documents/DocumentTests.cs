using System.Net;
using System.Net.Http.Headers;
using Grants.Contracts.Calls;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests.Features.Documents;

public sealed class DocumentTests
{
    static Task<Life> StartAsync(bool perPartner = false, params string[] partners) => Life.AwardedAsync(
        call => call with
        {
            Documents =
            [
                new("tax", SampleCall.Text(["bs", "en"], "Tax certificate"), DocumentMoment.Selected, true, perPartner, SignedRule.No),
                new("cv", SampleCall.Text(["bs", "en"], "CV"), DocumentMoment.Selected, false, false, SignedRule.No),
                new("statute", SampleCall.Text(["bs", "en"], "Statute"), DocumentMoment.Application, true, false, SignedRule.No),
            ],
        },
        async (life, award) => award with { DossierSha256 = await life.SealAsync(partners: partners) });

    static async Task<HttpResponseMessage> UploadAsync(Life life, Caller caller, string document = "tax", int partner = 0, string name = "potvrda.pdf", string content = "%PDF-1.7 tax")
    {
        using var client = life.Service.Client(caller);
        using var file = new ByteArrayContent(System.Text.Encoding.ASCII.GetBytes(content));
        file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        using var form = new MultipartFormDataContent { { file, $"file-{document}-{partner}", name } };
        return await client.PostAsync(new Uri($"{life.GrantUrl}/documents/{document}/{partner}", UriKind.Relative), form);
    }

    static async Task<Guid> UploadedAsync(Life life, string document = "tax", int partner = 0, string content = "%PDF-1.7 tax")
    {
        using var answer = await UploadAsync(life, life.Volunteer, document, partner, content: content);
        Assert.True(answer.StatusCode == HttpStatusCode.Found, Life.Words(await answer.Content.ReadAsStringAsync()));
        return await life.Db(db => db.Documents.OrderByDescending(file => file.UploadedAt).ThenByDescending(file => file.Id).Select(file => file.Id).FirstAsync());
    }

    static Task<string> DecideAsync(Life life, Guid file, bool accept = true) => life.DoAsync(
        life.Officer, $"{life.GrantUrl}/documents/files/{file}/decision", new Dictionary<string, string> { ["do"] = accept ? "accept" : "send-back", [$"reason-{file}"] = accept ? "" : "It is of last year" });

    [Fact]
    public async Task The_agreement_waits_until_the_required_documents_are_accepted()
    {
        await using var life = await StartAsync();
        await life.GiveAccountAsync();
        Assert.Contains("Upload documents", await life.PageAsync(life.President, life.GrantUrl), StringComparison.Ordinal);
        Assert.DoesNotContain("Statute", await life.PageAsync(life.President, $"{life.GrantUrl}/documents"), StringComparison.Ordinal);
        async Task AssertWaitsAsync() => Assert.Contains(
            "Required documents have not been accepted", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/preparation", await life.OfferFieldsAsync("8000")), StringComparison.Ordinal);
        await AssertWaitsAsync();
        var first = await UploadedAsync(life);
        await AssertWaitsAsync();
        Assert.Contains("Look at the documents", await life.PageAsync(life.Officer, life.GrantUrl), StringComparison.Ordinal);
        await DecideAsync(life, first, accept: false);
        Assert.Contains("It is of last year", await life.PageAsync(life.President, $"{life.GrantUrl}/documents"), StringComparison.Ordinal);
        var second = await UploadedAsync(life, content: "%PDF-1.7 newer");
        // What was replaced is not decided on any more.
        Assert.Contains("does not wait", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/documents/files/{first}/decision", new { @do = "accept" }), StringComparison.Ordinal);
        await DecideAsync(life, second);
        await DecideAsync(life, second);
        await life.OfferAsync();
        using var late = await UploadAsync(life, life.Volunteer);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
        Assert.Equal(2, await life.Db(db => db.Documents.CountAsync()));
    }

    [Fact]
    public async Task Each_partner_gives_one_where_the_call_says_so()
    {
        await using var life = await StartAsync(perPartner: true, "Udruženje A", "Udruženje B");
        await life.GiveAccountAsync();
        var words = await life.PageAsync(life.President, $"{life.GrantUrl}/documents");
        Assert.Contains("Tax certificate: Udruženje A", words, StringComparison.Ordinal);
        foreach (var partner in new[] { 0, 1 }) await DecideAsync(life, await UploadedAsync(life, partner: partner));
        Assert.Contains("Required documents", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/preparation", await life.OfferFieldsAsync("8000")), StringComparison.Ordinal);
        await DecideAsync(life, await UploadedAsync(life, partner: 2));
        using (var unknown = await UploadAsync(life, life.Volunteer, partner: 3)) Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        await life.OfferAsync();
    }

    [Fact]
    public async Task What_is_no_document_is_refused_beside_its_field_and_nothing_is_kept()
    {
        await using var life = await StartAsync();
        foreach (var (name, content) in new[] { ("a.pdf", ""), ("a.pdf", "<html>"), ("a.docx", "%PDF-1.7"), ("a.exe", "MZ") })
        {
            using var answer = await UploadAsync(life, life.President, name: name, content: content);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Contains("id=\"file-tax-0-error\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(0, await life.Db(db => db.Documents.CountAsync()));
    }

    [Fact]
    public async Task Only_the_grantee_uploads_and_only_an_independent_officer_decides_and_strangers_see_nothing()
    {
        await using var life = await StartAsync();
        foreach (var person in new[] { life.Stranger, life.Officer, life.Finance1 })
        {
            using var answer = await UploadAsync(life, person);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        var file = await UploadedAsync(life);
        foreach (var person in new[] { life.Stranger, life.President, life.Finance1 })
        {
            using var answer = await life.PostAsync(person, $"{life.GrantUrl}/documents/files/{file}/decision", new { @do = "accept" });
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var hidden = await life.GetAsync(life.Stranger, $"{life.GrantUrl}/documents/files/{file}");
        using var shown = await life.GetAsync(life.Officer, $"{life.GrantUrl}/documents/files/{file}");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (hidden.StatusCode, shown.StatusCode));
        Assert.Equal("%PDF-1.7 tax", await shown.Content.ReadAsStringAsync());
        Assert.Contains("Write why you send it back", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/documents/files/{file}/decision", new { @do = "send-back" }), StringComparison.Ordinal);
    }
}
