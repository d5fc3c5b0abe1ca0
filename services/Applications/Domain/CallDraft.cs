namespace Grants.Applications.Domain;

/// <summary>The next version of a call while it is being written: a text that need not be right yet. A call has one draft at most; publishing ends it.</summary>
public sealed class CallDraft
{
    /// <summary>The longest text, in bytes of UTF-8.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>Longest reason of an amendment.</summary>
    public const int ReasonCharacters = 2000;

    /// <summary>Id of the draft.</summary>
    public Guid Id { get; init; }

    /// <summary>The call it becomes a version of; of a new call, the id that it will have.</summary>
    public Guid CallId { get; init; }

    /// <summary>Programme that decides who sees it: chosen at the beginning, since the text may not say one that can be read.</summary>
    public string Programme { get; set; } = "";

    /// <summary>The definition as typed: JSON, or what is to become it.</summary>
    public string Text { get; set; } = "";

    /// <summary>The call it was made from: the same one for an amendment, another for a copy, null when it began with nothing.</summary>
    public Guid? BasedOnCallId { get; init; }

    /// <summary>The version it was made from; 0 when it began with nothing.</summary>
    public int BasedOnVersion { get; init; }

    /// <summary>Why the call is amended, as far as it was written down.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Who began it.</summary>
    public Guid CreatedBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who saved it last.</summary>
    public Guid UpdatedBy { get; set; }

    /// <summary>Their name.</summary>
    public string UpdatedByName { get; set; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Rises with each save, so that nobody saves over what they have not seen.</summary>
    public long Version { get; set; }

    /// <summary>Saves another text.</summary>
    public void Save(string text, string programme, Guid by, string byName, DateTimeOffset at)
    {
        Text = text;
        Programme = programme;
        UpdatedBy = by;
        UpdatedByName = byName;
        UpdatedAt = at;
        Version++;
    }
}
