using System.Globalization;

namespace Grants.Bench;

/// <summary>One line for each figure, with the bound it should keep beside it.</summary>
static class Report
{
    public static void Print(string what, double value, string unit, string bound, string format = "0.0") =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-72}{value.ToString(format, CultureInfo.InvariantCulture),9} {unit,-4} {bound}"));

    public static double Percentile(IEnumerable<double> values, int percent)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];
    }

    /// <summary>A median says more than a mean where others use the machine, too.</summary>
    public static double Median(IEnumerable<double> values) => Percentile(values, 50);
}
