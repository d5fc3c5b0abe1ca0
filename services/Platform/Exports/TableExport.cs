using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using CsvHelper;
using CsvHelper.Configuration;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Grants.Platform.Files;
using Microsoft.AspNetCore.Http;

namespace Grants.Platform.Exports;

/// <summary>
/// A table as a file for spreadsheets. A cell is a text, a <see cref="Money"/>, a whole number, a <see cref="DateOnly"/>, a local <see cref="DateTime"/> to the second,
/// or null for nothing. Amounts and days are numbers and dates to the spreadsheet and not texts that look like them; a text is never a formula to it.
/// </summary>
public static partial class TableExport
{
    /// <summary>The formats there are, as they stand in the address.</summary>
    public const string Csv = "csv", Xlsx = "xlsx";

    // The last four are the full-width forms, which some spreadsheets take for the same.
    const string FormulaStarts = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    // What a cell of XLSX holds at most.
    const int LongestCell = 32_767;

    // Places in the stylesheet below.
    const uint TextStyle = 0, HeadStyle = 1, DayStyle = 2, MomentStyle = 3, WholeStyle = 4, MoneyStyle = 5;

    /// <summary>The file as an answer. Its name is made of what is given and the ending of the format.</summary>
    /// <param name="format"><see cref="Csv"/> or <see cref="Xlsx"/>.</param>
    /// <param name="name">Name without ending.</param>
    /// <param name="columns">Heads of the columns.</param>
    /// <param name="rows">Cells in the order of the columns.</param>
    public static IResult Result(string format, string name, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows) => format == Xlsx
        ? FileDownload.Result(new MemoryStream(WriteXlsx(columns, rows)), $"{name}.xlsx", FileKinds.Xlsx.MediaType)
        : FileDownload.Result(new MemoryStream(WriteCsv(columns, rows)), $"{name}.csv", "text/csv; charset=utf-8");

    /// <summary>RFC 4180 with commas, UTF-8 with a byte order mark (without it spreadsheets read š and č as something else), amounts with a point.</summary>
    public static byte[] WriteCsv(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        using var bytes = new MemoryStream();
        using (var text = new StreamWriter(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)))
        using (var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            NewLine = "\r\n",
            // With a line ending of its own the library quotes only where both letters stand together; either of them ends a row for spreadsheets.
            ShouldQuote = args => args.Field.AsSpan().IndexOfAny('\r', '\n') >= 0 || ConfigurationFunctions.ShouldQuote(args),
        }))
        {
            foreach (var column in columns) csv.WriteField(Harmless(column));
            csv.NextRecord();
            foreach (var row in rows)
            {
                foreach (var cell in row) csv.WriteField(cell is string words ? Harmless(words) : Plain(cell));
                csv.NextRecord();
            }
        }

        return bytes.ToArray();
    }

    /// <summary>One sheet with a head that stays in sight.</summary>
    public static byte[] WriteXlsx(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        using var bytes = new MemoryStream();
        using (var file = SpreadsheetDocument.Create(bytes, SpreadsheetDocumentType.Workbook))
        {
            var book = file.AddWorkbookPart();
            book.AddNewPart<WorkbookStylesPart>().Stylesheet = Styles();
            var sheet = book.AddNewPart<WorksheetPart>();
            // Row by row: as a tree in memory, ten thousand rows would take a hundred times the file.
            using (var writer = OpenXmlWriter.Create(sheet))
            {
                writer.WriteStartElement(new Worksheet());
                writer.WriteElement(new SheetViews(new SheetView(new Pane { VerticalSplit = 1D, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen })
                {
                    WorkbookViewId = 0U,
                }));
                writer.WriteStartElement(new SheetData());
                WriteRow(writer, columns.Select(column => Words(column, HeadStyle)));
                foreach (var row in rows) WriteRow(writer, row.Select(ToCell));
                writer.WriteEndElement();
                writer.WriteEndElement();
            }

            book.Workbook = new Workbook(new Sheets(new Sheet { Name = "1", SheetId = 1U, Id = book.GetIdOfPart(sheet) }));
            book.Workbook.Save();
        }

        return bytes.ToArray();
    }

    /// <summary>A text that no spreadsheet takes for a formula, wherever it parts the cells: an apostrophe stands before what could begin one.</summary>
    public static string Harmless(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > 0 && FormulaStarts.Contains(text[0])) text = "'" + text;
        // Spreadsheets of the region part cells at semicolons, whatever the quotes: what follows one may begin a cell there.
        return AfterSemicolon().Replace(text, "$0'");
    }

    static string Plain(object? cell) => cell switch
    {
        null => "",
        Money amount => MoneyFormat.Plain(amount),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        int or long => ((IFormattable)cell).ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A cell cannot be a {cell.GetType().Name}."),
    };

    static Cell ToCell(object? cell) => cell switch
    {
        null => new Cell(),
        string text => Words(text, TextStyle),
        Money amount => Number(MoneyFormat.Plain(amount), MoneyStyle + (uint)Currencies.Decimals(amount.Currency)),
        DateOnly day => Number(Serial(day.ToDateTime(TimeOnly.MinValue)), DayStyle),
        DateTime moment => Number(Serial(moment), MomentStyle),
        _ => Number(Plain(cell), WholeStyle),
    };

    static Cell Number(string value, uint style) => new() { CellValue = new CellValue(value), DataType = CellValues.Number, StyleIndex = style };

    static Cell Words(string text, uint style)
    {
        // What XML cannot hold is shown, so that the reader sees that something was there.
        text = string.Concat(Harmless(text).EnumerateRunes().Select(rune => rune.Value > char.MaxValue || XmlConvert.IsXmlChar((char)rune.Value) ? rune.ToString() : "\uFFFD"));
        if (text.Length > LongestCell) text = text[..(LongestCell - 2)].TrimEnd('\uD800', '\uDBFF') + "…";
        return new Cell { DataType = CellValues.InlineString, StyleIndex = style, InlineString = new InlineString(new Text(text) { Space = SpaceProcessingModeValues.Preserve }) };
    }

    static void WriteRow(OpenXmlWriter writer, IEnumerable<Cell> cells)
    {
        writer.WriteStartElement(new Row());
        foreach (var cell in cells) writer.WriteElement(cell);
        writer.WriteEndElement();
    }

    // Days since 30 December 1899, as spreadsheets count, in decimals and not in binary fractions: otherwise a second is lost here and there.
    static string Serial(DateTime moment) =>
        Math.Round((moment - new DateTime(1899, 12, 30)).Ticks / (decimal)TimeSpan.TicksPerDay, 10).ToString(CultureInfo.InvariantCulture);

    // The formats in the order of the constants above, then amounts by their number of decimals.
    static Stylesheet Styles()
    {
        string[] formats = ["yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "0", "#,##0", "#,##0.0", "#,##0.00", "#,##0.000"];
        const uint firstOfOurs = 164;
        return new Stylesheet(
            new NumberingFormats(formats.Select((format, index) => new NumberingFormat { NumberFormatId = firstOfOurs + (uint)index, FormatCode = format })),
            new Fonts(new Font(), new Font(new Bold())),
            new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })),
            new Borders(new Border()),
            new CellStyleFormats(new CellFormat()),
            new CellFormats(
            [
                new CellFormat(), new CellFormat { FontId = 1U, ApplyFont = true },
                .. formats.Select((_, index) => new CellFormat { NumberFormatId = firstOfOurs + (uint)index, ApplyNumberFormat = true }),
            ]));
    }

    [GeneratedRegex(@";[\s""]*(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])", RegexOptions.CultureInvariant)]
    private static partial Regex AfterSemicolon();
}
