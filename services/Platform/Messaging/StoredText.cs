using System.Text;

namespace Grants.Platform.Messaging;

/// <summary>Text from outside on its way into a column. PostgreSQL takes no NUL and no half of a surrogate pair, and a letter that cannot be written would be tried for ever.</summary>
static class StoredText
{
    /// <summary>The text without what a database refuses, cut to so many characters.</summary>
    public static string Cut(string text, int most) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Length > most ? text[..most] : text)).Replace('\0', '\uFFFD');
}
