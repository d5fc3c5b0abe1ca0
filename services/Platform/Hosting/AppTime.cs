using System.Globalization;

namespace Grants.Platform.Hosting;

/// <summary>
/// The product's only clock. Instants are UTC and cut to milliseconds, because PostgreSQL drops the seventh digit and a value must be the same
/// before and after it was stored. An offset file, the same for all processes, lets tests and the demo move time; production refuses it.
/// </summary>
public sealed class AppTime : TimeProvider
{
    readonly TimeProvider source;
    readonly string? offsetFile;

    /// <summary>Makes a clock over <paramref name="source"/>, shifted by the whole seconds that <paramref name="offsetFile"/> holds, if it exists.</summary>
    public AppTime(TimeProvider? source = null, string? offsetFile = null)
    {
        this.source = source ?? System;
        this.offsetFile = offsetFile;
    }

    /// <summary>The present instant, +00:00, in whole milliseconds.</summary>
    public DateTimeOffset Now => GetUtcNow();

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => Cut(source.GetUtcNow() + Offset);

    /// <summary>How far this clock is ahead of its source. Read from the file at each use: another process may have moved it.</summary>
    public TimeSpan Offset
    {
        get
        {
            if (offsetFile is null || !File.Exists(offsetFile)) return TimeSpan.Zero;
            try
            {
                return TimeSpan.FromSeconds(long.Parse(File.ReadAllText(offsetFile).Trim(), CultureInfo.InvariantCulture));
            }
            catch (Exception e) when (e is FormatException or IOException)
            {
                return TimeSpan.Zero; // half-written by another process: the next read sees it whole
            }
        }
    }

    /// <summary>True when the clock may be moved (a file was named).</summary>
    public bool CanMove => offsetFile is not null;

    /// <summary>Moves the clock of every process that shares the file.</summary>
    /// <exception cref="InvalidOperationException">This clock has no offset file.</exception>
    public void MoveTo(DateTimeOffset instant)
    {
        if (offsetFile is null) throw new InvalidOperationException("This clock cannot be moved.");
        var seconds = (long)Math.Ceiling((instant - source.GetUtcNow()).TotalSeconds);
        var temporary = offsetFile + ".new";
        File.WriteAllText(temporary, seconds.ToString(CultureInfo.InvariantCulture));
        File.Move(temporary, offsetFile, overwrite: true);
    }

    /// <summary>The same instant at +00:00 in whole milliseconds.</summary>
    public static DateTimeOffset Cut(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        return new DateTimeOffset(utc.Ticks - utc.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
    }
}
