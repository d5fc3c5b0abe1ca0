using Grants.Platform.Messaging;

namespace Grants.Platform.Operations;

/// <summary>What lists say of a message.</summary>
static class LetterWords
{
    /// <summary>Name of the event without its namespace.</summary>
    public static string ShortType(this DeadLetter letter) => ShortType(letter.Type);

    /// <summary>Name of the event without its namespace.</summary>
    public static string ShortType(this OutboxMessage row) => ShortType(row.Type);

    /// <summary>The first line of why it failed.</summary>
    public static string Reason(this DeadLetter letter, int most)
    {
        var line = letter.Error.Split('\n')[0].Trim();
        return line.Length > most ? line[..most] + "…" : line;
    }

    static string ShortType(string type) => type[(type.LastIndexOf('.') + 1)..];
}
