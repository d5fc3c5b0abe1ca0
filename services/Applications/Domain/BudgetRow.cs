using System.Globalization;
using Grants.Contracts.Calls;
using Grants.Platform;

namespace Grants.Applications.Domain;

/// <summary>One row of the budget of a draft. What is stored is right in itself: it is checked before. Each row is saved on its own.</summary>
public sealed class BudgetRow
{
    /// <summary>The draft; see <see cref="Application.RowsId"/>.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>Id of the row, stable through corrections; it comes with the form, so that a page sent twice makes one row.</summary>
    public Guid Id { get; init; }

    /// <summary>Id of the heading in the call.</summary>
    public string Heading { get; set; } = "";

    /// <summary>What is bought or paid, NFC.</summary>
    public string Description { get; set; } = "";

    /// <summary>In what it is counted; may be empty.</summary>
    public string Unit { get; set; } = "";

    /// <summary>How many, in hundredths.</summary>
    public long QuantityHundredths { get; set; }

    /// <summary>Cost of one, minor units of the call's currency.</summary>
    public long UnitCostMinor { get; set; }

    /// <summary>The partner that spends it; null for the applicant.</summary>
    public Guid? PartnerId { get; set; }

    /// <summary>Grows with each save.</summary>
    public long Version { get; set; }

    /// <summary>When it was added: rows stand in this order.</summary>
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>When it was last saved.</summary>
    public DateTimeOffset SavedAt { get; set; }

    /// <summary>By whom.</summary>
    public Guid SavedBy { get; set; }

    /// <summary>Quantity times unit cost.</summary>
    public long TotalMinor => BudgetForm.Total(QuantityHundredths, UnitCostMinor);

    /// <summary>The same row in another draft.</summary>
    public BudgetRow CopyTo(Guid applicationId) => new()
    {
        ApplicationId = applicationId, Id = Id, Heading = Heading, Description = Description, Unit = Unit, QuantityHundredths = QuantityHundredths, UnitCostMinor = UnitCostMinor,
        PartnerId = PartnerId, Version = Version, AddedAt = AddedAt, SavedAt = SavedAt, SavedBy = SavedBy,
    };

    /// <summary>Rows as people see them.</summary>
    public static IReadOnlyList<BudgetRow> InOrder(IEnumerable<BudgetRow> rows) => [.. rows.OrderBy(row => row.AddedAt).ThenBy(row => row.Id)];
}

/// <summary>The fields of a row, as they are typed and kept.</summary>
public static class BudgetForm
{
    /// <summary>Fields of a row.</summary>
    public const string Heading = "heading", Description = "description", Unit = "unit", Quantity = "quantity", Cost = "cost", Partner = "partner";

    /// <summary>All of them, in order.</summary>
    public static readonly IReadOnlyList<string> Fields = [Heading, Description, Unit, Quantity, Cost, Partner];

    /// <summary>Most characters of a description, and of a unit.</summary>
    public const int DescriptionCharacters = 300, UnitCharacters = 40;

    /// <summary>Most rows. Below it no sum can overflow: each row is at most <see cref="MoneyParser.LargestMajor"/>.</summary>
    public const int MostRows = 300;

    // Nine digits before the decimals are more of anything than a small grant buys.
    const int QuantityDigits = 9;

    /// <summary>The field as text, the same that the page shows and that is compared.</summary>
    public static string Shown(BudgetRow row, string field, string currency) => field switch
    {
        Heading => row.Heading,
        Description => row.Description,
        Unit => row.Unit,
        Quantity => QuantityText(row.QuantityHundredths),
        Cost => MoneyFormat.Plain(new Money(row.UnitCostMinor, currency)),
        _ => row.PartnerId?.ToString() ?? "",
    };

    /// <summary>Brings what was typed into the form it is kept in; what cannot be read stays as it was typed.</summary>
    public static string Normal(string field, string typed, string currency) => field switch
    {
        Quantity when TryQuantity(typed, out var hundredths) => QuantityText(hundredths),
        Cost when MoneyParser.TryParse(typed, currency, out var cost, out _) => MoneyFormat.Plain(cost),
        _ => typed,
    };

    /// <summary>Stores a field that was checked.</summary>
    public static void Set(BudgetRow row, string field, string value, string currency)
    {
        switch (field)
        {
            case Heading:
                row.Heading = value;
                break;
            case Description:
                row.Description = value;
                break;
            case Unit:
                row.Unit = value;
                break;
            case Quantity:
                row.QuantityHundredths = TryQuantity(value, out var hundredths) ? hundredths : throw new ArgumentException("An unchecked quantity.", nameof(value));
                break;
            case Cost:
                row.UnitCostMinor = MoneyParser.TryParse(value, currency, out var cost, out _) ? cost.Minor : throw new ArgumentException("An unchecked cost.", nameof(value));
                break;
            default:
                row.PartnerId = value.Length == 0 ? null : Guid.Parse(value);
                break;
        }
    }

    /// <summary>What is wrong with the fields of a row; empty when it can be stored.</summary>
    public static IReadOnlyList<BudgetFieldProblem> Check(CallDefinition call, IReadOnlyDictionary<string, string> row, IReadOnlyCollection<Partner> partners)
    {
        var problems = new List<BudgetFieldProblem>();
        if (call.Budget.Headings.All(heading => heading.Id != row[Heading])) problems.Add(new(Heading, RowProblem.NoHeading));
        if (row[Description].Length == 0) problems.Add(new(Description, RowProblem.NoDescription));
        if (TooLong(Description, DescriptionCharacters) is { } description) problems.Add(description);
        if (TooLong(Unit, UnitCharacters) is { } unit) problems.Add(unit);
        var isQuantity = TryQuantity(row[Quantity], out var quantity) && quantity > 0;
        if (!isQuantity) problems.Add(new(Quantity, RowProblem.NotAQuantity));
        if (!MoneyParser.TryParse(row[Cost], call.Currency, out var cost, out var money)) problems.Add(new(Cost, RowProblem.NotAnAmount) { Money = money });
        else if (isQuantity && IsTooLarge(quantity, cost)) problems.Add(new(Cost, RowProblem.NotAnAmount) { Money = MoneyProblem.TooLarge });
        if (row[Partner].Length > 0 && partners.All(partner => partner.Id.ToString() != row[Partner])) problems.Add(new(Partner, RowProblem.NoPartner));
        return problems;

        BudgetFieldProblem? TooLong(string field, int limit) => DraftForm.Characters(row[field]) is var characters && characters > limit
            ? new(field, RowProblem.TooLong) { Given = characters, Limit = limit }
            : null;
    }

    /// <summary>Quantity times unit cost, rounded half up to the minor unit.</summary>
    public static long Total(long quantityHundredths, long unitCostMinor) => (long)(((Int128)quantityHundredths * unitCostMinor + 50) / 100);

    /// <summary>A typed quantity: point or comma before at most two decimals, spaces between thousands. What could be thousands or decimals is refused.</summary>
    public static bool TryQuantity(string typed, out long hundredths)
    {
        hundredths = 0;
        var text = string.Concat(typed.Where(letter => !char.IsWhiteSpace(letter)));
        var parts = text.Split('.', ',');
        if (parts.Length > 2 || parts[0].Length is 0 or > QuantityDigits || !parts.All(part => part.All(char.IsAsciiDigit))) return false;
        if (parts.Length == 2 && parts[1].Length is 0 or > 2) return false;
        hundredths = long.Parse(parts[0], CultureInfo.InvariantCulture) * 100;
        if (parts.Length == 2) hundredths += long.Parse(parts[1].PadRight(2, '0'), CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary><c>12</c>, <c>1.5</c>, <c>0.25</c>.</summary>
    public static string QuantityText(long hundredths)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{hundredths / 100}.{hundredths % 100:D2}");
        return text.TrimEnd('0').TrimEnd('.');
    }

    static bool IsTooLarge(long quantityHundredths, Money cost) =>
        (Int128)quantityHundredths * cost.Minor / 100 > (Int128)MoneyParser.LargestMajor * Currencies.MinorPerMajor(cost.Currency);
}

/// <summary>What can be wrong with a field of a row.</summary>
public enum RowProblem
{
    /// <summary>No heading of the call.</summary>
    NoHeading,

    /// <summary>Not said what is paid.</summary>
    NoDescription,

    /// <summary>Too many characters.</summary>
    TooLong,

    /// <summary>No number above zero with at most two decimals.</summary>
    NotAQuantity,

    /// <summary>No amount of money.</summary>
    NotAnAmount,

    /// <summary>A partner that does not take part.</summary>
    NoPartner,

    /// <summary>There are as many rows as there can be.</summary>
    TooManyRows,
}

/// <summary>What is wrong with a field of a row.</summary>
/// <param name="Field">Name of the field.</param>
/// <param name="Problem">What it is.</param>
public sealed record BudgetFieldProblem(string Field, RowProblem Problem)
{
    /// <summary>Characters written, when there are too many.</summary>
    public int Given { get; init; }

    /// <summary>Characters allowed.</summary>
    public int Limit { get; init; }

    /// <summary>What is wrong with the amount.</summary>
    public MoneyProblem Money { get; init; }
}
