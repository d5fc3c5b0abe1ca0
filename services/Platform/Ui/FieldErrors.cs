namespace Grants.Platform.Ui;

/// <summary>What is wrong with posted fields: sentences in the reader's language, by field. Shown beside each field and in a summary on top that links to them.</summary>
public sealed class FieldErrors
{
    readonly List<(string Field, string Sentence)> errors = [];

    /// <summary>True when nothing is wrong.</summary>
    public bool None => errors.Count == 0;

    /// <summary>All errors in the order they were added.</summary>
    public IReadOnlyList<(string Field, string Sentence)> All => errors;

    /// <summary>Adds a sentence about a field; several about one field are shown together.</summary>
    public FieldErrors Add(string field, string sentence)
    {
        errors.Add((field, sentence));
        return this;
    }

    /// <summary>The sentences about a field, or null.</summary>
    public string? For(string field)
    {
        var sentences = errors.Where(error => error.Field == field).Select(error => error.Sentence).ToList();
        return sentences.Count == 0 ? null : string.Join(" ", sentences);
    }
}
