using Microsoft.AspNetCore.Components;

namespace Grants.Platform.Ui;

/// <summary>What every form field has: a label, a hint and an error that is announced with the field.</summary>
public abstract class FieldComponent : GrantsPage
{
    /// <summary>Name under which the field is posted.</summary>
    [Parameter, EditorRequired] public string Name { get; set; } = "";

    /// <summary>The label, always visible.</summary>
    [Parameter, EditorRequired] public string Label { get; set; } = "";

    /// <summary>Help under the label, or null.</summary>
    [Parameter] public string? Hint { get; set; }

    /// <summary>What is wrong with the field, or null: <c>errors.For(name)</c>.</summary>
    [Parameter] public string? Error { get; set; }

    /// <summary>More attributes of the input, such as <c>required</c> or <c>lang</c>.</summary>
    [Parameter(CaptureUnmatchedValues = true)] public IReadOnlyDictionary<string, object>? More { get; set; }

    /// <summary>The element's id: links of the error summary lead to it.</summary>
    public string Id => IdOf(Name);

    /// <summary>The id of the field with a name.</summary>
    public static string IdOf(string name) => string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-'));

    /// <summary>Ids of hint and error for <c>aria-describedby</c>; null when there are none. <paramref name="last"/> is a message of the component's own.</summary>
    protected string? DescribedBy(string? last = null)
    {
        var ids = new List<string>(3);
        if (!string.IsNullOrEmpty(Hint)) ids.Add(Id + "-hint");
        if (!string.IsNullOrEmpty(Error)) ids.Add(Id + "-error");
        if (last is not null) ids.Add(last);
        return ids.Count == 0 ? null : string.Join(' ', ids);
    }

    /// <summary>Value of <c>aria-invalid</c>: null, so that the attribute is absent, when nothing is wrong.</summary>
    protected string? Invalid => string.IsNullOrEmpty(Error) ? null : "true";

    /// <summary>The class, and the one for errors when something is wrong.</summary>
    protected string Css(string name, string? more = null) => $"{name}{(Invalid is null ? "" : $" {name}--error")}{(more is null ? "" : " " + more)}";
}
