using System.Text;
using System.Text.RegularExpressions;
using Grants.Disbursements.Domain;
using Grants.Platform;

namespace Grants.Disbursements.Features.Payments;

/// <summary>
/// A payment list as CSV: RFC 4180, UTF-8 with a byte order mark (without it spreadsheets read š and č as something else), amounts with a point, and no cell
/// that a spreadsheet would take for a formula.
/// </summary>
public static partial class PaymentListCsv
{
    // The last four are the full-width forms, which some spreadsheets take for the same.
    const string FormulaStarts = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    public static byte[] Write(IEnumerable<PaymentLine> lines)
    {
        var text = new StringBuilder("\uFEFFreference,holder,IBAN,bank,amount,currency,purpose\r\n");
        foreach (var line in lines)
        {
            text.AppendJoin(',', new[]
            {
                line.Reference, line.Holder, line.Iban, line.BankName, MoneyFormat.Plain(new Money(line.AmountMinor, line.Currency)), line.Currency, line.Purpose,
            }.Select(Cell)).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static string Cell(string value)
    {
        if (value.Length > 0 && FormulaStarts.Contains(value[0])) value = "'" + value;
        // Spreadsheets of the region part cells at semicolons, whatever the quotes: what follows one may begin a cell there.
        value = AfterSemicolon().Replace(value, "$0'");
        return value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    [GeneratedRegex(@";[\s""]*(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])", RegexOptions.CultureInvariant)]
    private static partial Regex AfterSemicolon();
}
