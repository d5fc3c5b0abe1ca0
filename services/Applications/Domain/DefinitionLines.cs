using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Grants.Applications.Domain;

/// <summary>Where in a JSON text the values are that JSON Pointers name. Of a text that is no JSON it knows what comes before the mistake.</summary>
public sealed class DefinitionLines
{
    readonly Node root = new() { Line = 1 };

    /// <summary>Reads a text.</summary>
    public DefinitionLines(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 1000 });
        try
        {
            Read(ref reader, bytes);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // What was read so far is all there is to know.
        }
    }

    /// <summary>The line, from 1, of a member's name or a list's item; where it is not there, of what should hold it.</summary>
    public int Line(string path) => Find(path).Line;

    /// <summary>The line of one path in a text. Whoever wants many makes a <see cref="DefinitionLines"/>.</summary>
    public static int LineOf(string json, string path) => new DefinitionLines(json).Line(path);

    /// <summary>How many values stand before it in the text.</summary>
    internal int Order(string path) => Find(path).Order;

    Node Find(string path)
    {
        var node = root;
        foreach (var part in path.Split('/').Skip(1))
        {
            if (node.Children?.GetValueOrDefault(part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)) is not { } child) break;
            node = child;
        }

        return node;
    }

    void Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        var (line, counted, order) = (1, 0, 0);
        var open = new Stack<Node>();
        Node? named = null;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                open.Pop();
                continue;
            }

            var start = (int)reader.TokenStartIndex;
            line += bytes[counted..start].Count((byte)'\n');
            counted = start;
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                named = open.Peek().Add(reader.GetString()!, line, ++order);
                continue;
            }

            var node = named ?? (!open.TryPeek(out var holder) ? root : holder.Add((holder.Children?.Count ?? 0).ToString(CultureInfo.InvariantCulture), line, ++order));
            if (node == root) root.Line = line;
            named = null;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) open.Push(node);
        }
    }

    sealed class Node
    {
        public int Line { get; set; }

        public int Order { get; init; }

        public Dictionary<string, Node>? Children { get; private set; }

        public Node Add(string name, int line, int order) => (Children ??= new(StringComparer.Ordinal))[name] = new() { Line = line, Order = order };
    }
}
