using System.Text.Json;
using System.Text.Json.Serialization;
using Grants.Platform;

namespace Grants.Notifications.Domain;

public enum ItemKind
{
    /// <summary>Somebody of the audience must do something; an event closes it for all.</summary>
    Task,

    /// <summary>Good to know; each person marks it as read for themselves.</summary>
    Notice,
}

/// <summary>
/// One line of somebody's inbox. What it is about (application, call, organisation) is looked up when it is shown, so that it does not matter which event
/// came first; it is written in the reader's language, so that it holds a key and values instead of a sentence.
/// </summary>
public sealed class InboxItem
{
    public Guid Id { get; init; }

    public ItemKind Kind { get; init; }

    /// <summary>A key of <see cref="ItemTemplate"/>.</summary>
    public string Template { get; init; } = "";

    /// <summary>What the template's sentence is filled with: <see cref="Argument"/> values as JSON.</summary>
    public string Arguments { get; init; } = "[]";

    public string Link { get; init; } = "";

    public string Audience { get; init; } = "";

    /// <summary>Id of the thing it is about. With template and audience it is unique: whatever is delivered again cannot double the item.</summary>
    public string SubjectKey { get; init; } = "";

    public Guid? ApplicationId { get; init; }

    /// <summary>The call it belongs to: with the organisation's country it decides whose role reaches it.</summary>
    public Guid? CallId { get; init; }

    /// <summary>Since when it waits, or when the notice was written.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the task was done; always null for notices.</summary>
    public DateTimeOffset? DoneAt { get; private set; }

    /// <summary>When mails that tell of it are to be written; null where there are none, or when they are.</summary>
    public DateTimeOffset? MailsDueAt { get; set; }

    public long Version { get; private set; }

    /// <summary>Its mails are written: nobody gets one for it again.</summary>
    public void MailsWritten() => MailsLater(null);

    /// <summary>Its readers are not known yet.</summary>
    public void MailsLater(DateTimeOffset? at)
    {
        MailsDueAt = at;
        Version++;
    }

    /// <summary>Closes a task; the first closing counts.</summary>
    public void Close(DateTimeOffset at)
    {
        if (Kind != ItemKind.Task || DoneAt is not null) return;
        DoneAt = at;
        Version++;
    }

    /// <summary>
    /// Opens or closes a task that stands for several things. The version grows even when nothing changes, so that of two handlers
    /// that looked at the same time one looks again.
    /// </summary>
    public void SetWaiting(bool waiting, DateTimeOffset at)
    {
        if (waiting && DoneAt is not null) CreatedAt = at;
        DoneAt = waiting ? null : DoneAt ?? at;
        Version++;
    }
}

/// <summary>A value in an item's sentence; exactly one part is set.</summary>
public sealed record Argument
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public string? Text { get; init; }

    public int? Number { get; init; }

    public long? Minor { get; init; }

    public string? Currency { get; init; }

    public DateTimeOffset? At { get; init; }

    public DateOnly? Day { get; init; }

    /// <summary>The value in a type that pages know how to write.</summary>
    [JsonIgnore]
    public object? Value => Minor is { } minor ? new Money(minor, Currency ?? "") : At ?? Day ?? Number ?? (object?)Text;

    public static string Write(IEnumerable<object> values) => JsonSerializer.Serialize(values.Select(Of), Json);

    public static object?[] Read(string json) => [.. JsonSerializer.Deserialize<List<Argument>>(json, Json)!.Select(argument => argument.Value)];

    static Argument Of(object value) => value switch
    {
        Money money => new Argument { Minor = money.Minor, Currency = money.Currency },
        DateTimeOffset at => new Argument { At = at },
        DateOnly day => new Argument { Day = day },
        int number => new Argument { Number = number },
        string text => new Argument { Text = text },
        _ => throw new ArgumentException($"An item cannot hold a {value.GetType().Name}.", nameof(value)),
    };
}

/// <summary>A person has read a notice.</summary>
public sealed class ReadMark
{
    public Guid ItemId { get; init; }

    public Guid PersonId { get; init; }

    public DateTimeOffset ReadAt { get; init; }
}

/// <summary>What closed tasks of a template and subject. Kept, because the event that closes a task may come before the one that opens it.</summary>
public sealed class TaskEnd
{
    public string Template { get; init; } = "";

    public string SubjectKey { get; init; } = "";

    public DateTimeOffset At { get; init; }
}

/// <summary>A person has done their part of a task that still waits for somebody else: their inbox shows it no longer.</summary>
public sealed class TaskPart
{
    public string Template { get; init; } = "";

    public string SubjectKey { get; init; } = "";

    public Guid PersonId { get; init; }
}
