using System.Text;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Grants.Platform.Exports;

namespace Grants.Platform.Tests.Exports;

public sealed class TableExportTests
{
    static readonly string[] Columns = ["Text", "Amount", "Day", "Moment", "Count"];

    static readonly object?[] Row = ["Žepče, \"A\"", new Money(-123_450, "BAM"), new DateOnly(2027, 1, 15), new DateTime(2027, 1, 15, 23, 59, 59), 7];

    [Fact]
    public void Csv_has_its_mark_dates_as_dates_and_amounts_with_a_point()
    {
        var bytes = TableExport.WriteCsv(Columns, [Row, [null, null, null, null, null]]);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        Assert.Equal(
            "Text,Amount,Day,Moment,Count\r\n\"Žepče, \"\"A\"\"\",-1234.50,2027-01-15,2027-01-15 23:59:59,7\r\n,,,,\r\n", Encoding.UTF8.GetString(bytes[3..]));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+387 33", "'+387 33")]
    [InlineData("-5", "'-5")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "'\r=1")]
    [InlineData("\uFF1D1", "'\uFF1D1")]
    [InlineData("a;=1+1", "a;'=1+1")]
    [InlineData("Klupa = mjesto", "Klupa = mjesto")]
    [InlineData("", "")]
    public void A_text_is_never_a_formula(string typed, string written)
    {
        Assert.Equal(written, TableExport.Harmless(typed));
        // Whoever reads XML gets a line feed for every line end.
        Assert.Equal(written.Replace('\r', '\n'), Assert.Single(Read(TableExport.WriteXlsx(["A"], [[typed]]))[1]).Text);
    }

    [Fact]
    public void Xlsx_has_numbers_and_dates_that_a_spreadsheet_can_reckon_with()
    {
        var cells = Read(TableExport.WriteXlsx(Columns, [Row]))[1];
        Assert.Equal(["Žepče, \"A\"", "-1234.50", "46402", "46402.9999884259", "7"], cells.Select(cell => cell.Text));
        Assert.Equal([CellValues.InlineString, CellValues.Number, CellValues.Number, CellValues.Number, CellValues.Number], cells.Select(cell => cell.Type));
        Assert.Equal(["", "#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "0"], cells.Select(cell => cell.Format));
    }

    [Fact]
    public void A_text_that_xml_cannot_hold_does_not_break_the_file() =>
        Assert.Equal("a\uFFFDb 🙂", Assert.Single(Read(TableExport.WriteXlsx(["A"], [["a\u0001b 🙂"]]))[1]).Text);

    [Theory]
    [InlineData("one\ntwo")]
    [InlineData("one\rtwo")]
    [InlineData("one\r\ntwo")]
    public void A_line_end_in_a_text_ends_no_row(string text) =>
        Assert.Equal($"A,B\r\n\"{text}\",1\r\n", Encoding.UTF8.GetString(TableExport.WriteCsv(["A", "B"], [[text, 1]])[3..]));

    [Fact]
    public void Ten_thousand_rows_are_all_there()
    {
        var rows = Enumerable.Range(1, 10_000).Select(number => new object?[] { $"Organisation {number}", new Money(number, "EUR") });
        Assert.Equal(10_001, Read(TableExport.WriteXlsx(["A", "B"], rows)).Count);
        Assert.Equal(10_001, Encoding.UTF8.GetString(TableExport.WriteCsv(["A", "B"], rows)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    static List<List<(string Text, CellValues? Type, string Format)>> Read(byte[] bytes)
    {
        using var file = SpreadsheetDocument.Open(new MemoryStream(bytes), false);
        var book = file.WorkbookPart!;
        var styles = book.WorkbookStylesPart!.Stylesheet;
        var formats = styles.NumberingFormats!.Elements<NumberingFormat>().ToDictionary(format => format.NumberFormatId!.Value, format => format.FormatCode!.Value!);
        var cells = styles.CellFormats!.Elements<CellFormat>().ToList();
        return [.. book.WorksheetParts.Single().Worksheet.Descendants<Row>().Select(row => row.Elements<Cell>().Select(cell => (
            cell.InnerText, cell.DataType?.Value, cells[(int)(cell.StyleIndex?.Value ?? 0)].NumberFormatId is { } id ? formats[id.Value] : "")).ToList())];
    }
}
