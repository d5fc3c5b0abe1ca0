using System.Text.Encodings.Web;
using System.Text.Unicode;
using Grants.Platform.Localisation;
using Microsoft.AspNetCore.Components;

namespace Grants.Platform.Ui;

/// <summary>Base of all pages and of all components that have texts: texts come from <c>Texts.resx</c> beside the component.</summary>
public abstract class GrantsPage : ComponentBase
{
    /// <summary>Encodes what could be markup and nothing else: letters of every script go out as letters.</summary>
    public static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Who reads, in which language.</summary>
    [Inject] public PageContext Context { get; set; } = null!;

    /// <summary>
    /// A text as content of an element, encoded. One that only exists in English is marked with its language. Arguments are encoded too,
    /// unless they are markup (<see cref="MarkupString"/>) already.
    /// </summary>
    protected MarkupString T(string key, params object?[] args) => Html(Texts.Find(GetType(), key, Context.Language, Context.Strict), args);

    /// <summary>A text for attributes and titles, which encode by themselves and cannot say a language.</summary>
    protected string S(string key, params object?[] args) => Texts.Format(Texts.Find(GetType(), key, Context.Language, Context.Strict), PageContext.DefaultZone, args);

    /// <summary>The plural form of a text that fits a count; the count is <c>{0}</c>, the arguments follow.</summary>
    protected string N(string key, decimal count, params object?[] args) =>
        Texts.Format(Texts.FindPlural(GetType(), key, count, Context.Language, Context.Strict), PageContext.DefaultZone, [count, .. args]);

    MarkupString Html(FoundText text, object?[] args)
    {
        var culture = Languages.Of(text.Language).Culture;
        var encoded = args.Select(arg => arg is MarkupString markup
            ? markup.Value
            : Encoder.Encode(string.Format(culture, "{0}", Texts.Argument(arg, PageContext.DefaultZone, culture)))).ToArray<object?>();
        var template = Encoder.Encode(text.Value);
        var html = args.Length == 0 ? template : string.Format(culture, template, encoded);
        return new MarkupString(text.Language == Context.Language ? html : $"<span lang=\"{text.Language}\">{html}</span>");
    }
}
