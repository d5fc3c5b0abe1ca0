using System.Net;
using System.Text;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using Grants.Contracts.Applications;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Payments;
using Grants.Platform.Exports;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests.Features.Payments;

[Trait("Database", "both")]
public sealed class PaymentListTests
{
    static async Task<(Life Life, Guid Instalment)> ApprovedAsync()
    {
        var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        await life.ApproveAsync(life.Finance1, instalment);
        await life.ApproveAsync(life.Finance2, instalment);
        return (life, instalment);
    }

    [Fact]
    public async Task A_list_is_downloaded_as_a_spreadsheet_reads_it()
    {
        var (life, _) = await ApprovedAsync();
        await using var _1 = life;
        var list = await life.ListAsync(life.Finance1);
        using var answer = await life.GetAsync(life.Finance2, list + "/csv");
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        Assert.Equal(
            "reference,holder,IBAN,bank,amount,currency,purpose\r\nL4C-2026-00042-1,Удружење «Нада»,BA391290079401028494,Prva banka,6400.00,BAM,L4C-2026-00042/A1 1/2\r\n",
            Encoding.UTF8.GetString(bytes[3..]));
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.DoesNotContain("0794", await life.PageAsync(life.Finance2, list), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+387", "'+387")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("A, \"B\"", "\"A, \"\"B\"\"\"")]
    [InlineData("a=b", "a=b")]
    [InlineData("Nada;=1+1", "Nada;'=1+1")]
    [InlineData("Nada; ; -1", "Nada; ; '-1")]
    [InlineData("Nada;\"=1", "\"Nada;\"\"'=1\"")]
    [InlineData("Nada; Centar", "Nada; Centar")]
    public void No_cell_is_a_formula_and_none_breaks_the_row(string holder, string cell)
    {
        var csv = Encoding.UTF8.GetString(TableExport.WriteCsv(PaymentLists.Columns, [PaymentLists.Cells(Line(holder))]));
        Assert.Equal($"R-1,{cell},BA391290079401028494,Banka,1234.50,BAM,R/A1 1/2\r\n", csv[(csv.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
    }

    [Fact]
    public async Task Lists_made_at_the_same_moment_hold_a_payment_once()
    {
        var (life, instalment) = await ApprovedAsync();
        await using var _ = life;
        await Task.WhenAll(Enumerable.Range(0, 10).Select(number => Task.Run(() => life.ListAsync(number % 2 == 0 ? life.Finance1 : life.Finance2))));
        Assert.Equal(1, await life.Db(db => db.PaymentLists.CountAsync()));
        Assert.Equal(1, await life.Db(db => db.PaymentLines.CountAsync()));
        Assert.Equal(InstalmentState.Listed, (await life.InstalmentAsync(instalment)).State);
    }

    [Fact]
    public async Task The_database_refuses_a_payment_on_a_second_list_when_the_domain_did_not()
    {
        var (life, instalment) = await ApprovedAsync();
        await using var _ = life;
        await life.ListAsync(life.Finance1);
        await Assert.ThrowsAsync<DbUpdateException>(() => life.Db(db =>
        {
            var list = new PaymentList { Id = Guid.CreateVersion7(), Currency = "BAM", MadeBy = life.Finance1.PersonId, MadeAt = life.Now };
            db.PaymentLists.Add(list);
            db.PaymentLines.Add(Line("Nada") with { InstalmentId = instalment, ListId = list.Id });
            return db.SaveChangesAsync();
        }));
    }

    [Fact]
    public async Task A_line_in_another_currency_than_its_list_is_refused_by_the_database()
    {
        var (life, instalment) = await ApprovedAsync();
        await using var _ = life;
        await Assert.ThrowsAsync<DbUpdateException>(() => life.Db(db =>
        {
            var list = new PaymentList { Id = Guid.CreateVersion7(), Currency = "EUR", MadeBy = life.Finance1.PersonId, MadeAt = life.Now };
            db.PaymentLists.Add(list);
            db.PaymentLines.Add(Line("Nada") with { InstalmentId = instalment, ListId = list.Id });
            return db.SaveChangesAsync();
        }));
    }

    [Fact]
    public async Task What_is_not_fully_approved_goes_on_no_list()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        await life.ApproveAsync(life.Finance1, instalment);
        Assert.Equal("/payments/lists", await life.ListAsync(life.Finance1));
        Assert.Equal(0, await life.Db(db => db.PaymentLists.CountAsync()));
    }

    [Fact]
    public async Task A_person_tied_to_the_grantee_puts_its_payment_on_no_list()
    {
        var (life, _) = await ApprovedAsync();
        await using var _1 = life;
        await life.Service.DeliverAsync(life.Organisation(2, [.. life.Members, new OrganisationMember(life.Finance3.PersonId, true)]));
        await life.ListAsync(life.Finance3);
        Assert.Equal(0, await life.Db(db => db.PaymentLists.CountAsync()));
    }

    [Fact]
    public async Task A_list_is_seen_by_finance_and_auditors_in_scope_only()
    {
        var (life, _) = await ApprovedAsync();
        await using var _1 = life;
        var list = await life.ListAsync(life.Finance1);
        var elsewhere = life.Finance1 with { Roles = [new HeldRole(Role.FinanceOfficer, "programme:OTHER")] };
        foreach (var person in new[] { elsewhere, life.President, life.Stranger, life.Officer })
        {
            using var shown = await life.GetAsync(person, list);
            using var csv = await life.GetAsync(person, list + "/csv");
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (shown.StatusCode, csv.StatusCode));
        }

        using var made = await life.PostAsync(life.Auditor, "/payments/lists", new { currency = "BAM" });
        Assert.Equal(HttpStatusCode.NotFound, made.StatusCode);
        Assert.Contains("L4C-2026-00042-1", await life.PageAsync(life.Auditor, list), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_is_downloaded_as_a_workbook_too()
    {
        var (life, _) = await ApprovedAsync();
        await using var _1 = life;
        var list = await life.ListAsync(life.Finance1);
        using var answer = await life.GetAsync(life.Finance2, list + "/xlsx");
        using var document = SpreadsheetDocument.Open(new MemoryStream(await answer.Content.ReadAsByteArrayAsync()), false);
        Assert.Empty(new OpenXmlValidator().Validate(document));
        var rows = document.WorkbookPart!.WorksheetParts.Single().Worksheet!.Descendants<Row>().ToList();
        Assert.Equal(
            [
                ("inlineStr", "L4C-2026-00042-1"), ("inlineStr", "Удружење «Нада»"), ("inlineStr", Life.GoodIban), ("inlineStr", "Prva banka"), ("n", "6400.00"), ("inlineStr", "BAM"),
                ("inlineStr", "L4C-2026-00042/A1 1/2"),
            ],
            Assert.Single(rows.Skip(1)).Elements<Cell>().Select(cell => (cell.DataType!.InnerText, cell.InnerText)));
        using var other = await life.GetAsync(life.Finance2, list + "/pdf");
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    static PaymentLine Line(string holder) => new()
    {
        InstalmentId = Guid.CreateVersion7(),
        Round = 0,
        ListId = Guid.CreateVersion7(),
        ApplicationId = Guid.CreateVersion7(),
        Reference = "R-1",
        Holder = holder,
        Iban = Life.GoodIban,
        BankName = "Banka",
        Bic = "",
        AmountMinor = 1234_50,
        Currency = "BAM",
        Purpose = "R/A1 1/2",
    };
}
