using System.Globalization;

namespace Grants.Applications.Features.Apply;

/// <summary>Sizes of files as people read them.</summary>
public static class FileSizes
{
    /// <summary><c>340 kB</c>, <c>2.4 MB</c>: in thousands, as file managers show it.</summary>
    public static string Of(long bytes, CultureInfo culture) =>
        bytes < 1000 ? string.Create(culture, $"{bytes} B")
        : bytes < 1_000_000 ? string.Create(culture, $"{(bytes + 500) / 1000} kB")
        : string.Create(culture, $"{(bytes + 50_000) / 1_000_000}{culture.NumberFormat.NumberDecimalSeparator}{(bytes + 50_000) / 100_000 % 10} MB");
}
