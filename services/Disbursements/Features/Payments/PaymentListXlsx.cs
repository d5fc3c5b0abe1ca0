using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Grants.Disbursements.Domain;
using Grants.Platform;

namespace Grants.Disbursements.Features.Payments;

/// <summary>
/// A payment list as a workbook. Texts are inline strings, which no spreadsheet takes for a formula; amounts are numbers written from their minor units, so that they can be
/// summed and nothing was rounded on the way.
/// </summary>
public static class PaymentListXlsx
{
    const uint AmountStyle = 1, TwoDecimals = 4;

    public static byte[] Write(IEnumerable<PaymentLine> lines)
    {
        using var stream = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            var styles = workbook.AddNewPart<WorkbookStylesPart>();
            styles.Stylesheet = new Stylesheet(
                new Fonts(new Font()), new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })),
                new Borders(new Border()), new CellStyleFormats(new CellFormat()),
                new CellFormats(new CellFormat(), new CellFormat { NumberFormatId = TwoDecimals, ApplyNumberFormat = true }));
            var sheet = workbook.AddNewPart<WorksheetPart>();
            var rows = new SheetData(new Row(new[] { "reference", "holder", "IBAN", "bank", "amount", "currency", "purpose" }.Select(Text)));
            foreach (var line in lines)
            {
                rows.Append(new Row(
                    Text(line.Reference), Text(line.Holder), Text(line.Iban), Text(line.BankName), Number(new Money(line.AmountMinor, line.Currency)), Text(line.Currency), Text(line.Purpose)));
            }

            sheet.Worksheet = new Worksheet(rows);
            workbook.Workbook = new Workbook(new Sheets(new Sheet { Id = workbook.GetIdOfPart(sheet), SheetId = 1, Name = "payments" }));
        }

        return stream.ToArray();
    }

    static Cell Text(string value) => new(new InlineString(new Text(value) { Space = SpaceProcessingModeValues.Preserve })) { DataType = CellValues.InlineString };

    static Cell Number(Money amount) => new(new CellValue(MoneyFormat.Plain(amount))) { DataType = CellValues.Number, StyleIndex = AmountStyle };
}
