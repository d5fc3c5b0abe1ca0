using Grants.Platform.Hosting;

namespace Grants.Testing;

/// <summary>The product as people have it before them, in one of its two shapes: what a test of a whole grant needs to know of it.</summary>
public abstract class Running : IAsyncDisposable
{
    /// <summary>Names of the shapes, for theories.</summary>
    public const string AllInOne = "all in one", Apart = "apart";

    /// <summary>Starts the product with fresh data of the demonstration and waits until it is ready.</summary>
    public static async Task<Running> InShapeAsync(string shape) => shape switch
    {
        AllInOne => await Product.StartAsync(),
        Apart => await Cluster.StartAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, null),
    };

    /// <summary>Where it answers.</summary>
    public abstract Uri Address { get; }

    /// <summary>Where it keeps what it writes.</summary>
    public abstract string Folder { get; }

    /// <summary>Reads its databases.</summary>
    public abstract Auditor Auditor { get; }

    /// <summary>The file with which its clock is moved.</summary>
    protected abstract string ClockFile { get; }

    /// <summary>The present moment by its clock.</summary>
    public DateTimeOffset Now => new AppTime(offsetFile: ClockFile).Now;

    /// <summary>Everything its processes have written to their outputs so far.</summary>
    public abstract string Output();

    /// <summary>Waits until it answers, also when somebody else has yet to start it again.</summary>
    public abstract Task UntilReadyAsync();

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();
}
