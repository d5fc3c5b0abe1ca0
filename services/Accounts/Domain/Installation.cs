namespace Grants.Accounts.Domain;

/// <summary>What this installation is. Written once, at the first start, and never changed: a demonstration cannot become real, nor the other way round.</summary>
public sealed class Installation
{
    public const string Demo = "demo", Real = "real";

    /// <summary>There is one row.</summary>
    public int Id { get; init; } = 1;

    public string Kind { get; init; } = Real;

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>What a first start makes: a demonstration only in development, unless the setting says no.</summary>
    public static string KindFor(bool isDevelopment, bool demoWanted) => isDevelopment && demoWanted ? Demo : Real;
}

/// <summary>Whether this process is a demonstration: set at start from the database's row, never by a request.</summary>
public sealed class DemoMode
{
    public bool IsOn { get; private set; }

    /// <summary>Takes over what the database says.</summary>
    /// <exception cref="InvalidOperationException">A demonstration's database in production.</exception>
    public void Set(string kind, bool isDevelopment)
    {
        if (kind == Installation.Demo && !isDevelopment)
            throw new InvalidOperationException("This database was made for a demonstration, with people who need no password. It runs in the development environment only.");
        IsOn = kind == Installation.Demo;
    }
}
