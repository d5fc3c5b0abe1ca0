using System.Reflection;
using Grants.Platform.Localisation;
using Microsoft.AspNetCore.Http;

namespace Grants.Platform.Http;

/// <summary>
/// The fields of a posted form: never null, NFC, line ends as <c>\n</c>, outer white space kept in <see cref="Raw"/> and trimmed in the indexer. Bind it as a parameter.
/// </summary>
public sealed class PostedForm
{
    readonly IFormCollection form;

    PostedForm(IFormCollection form) => this.form = form;

    /// <summary>The field's value, trimmed; empty when it was not posted.</summary>
    public string this[string field] => Raw(field).Trim();

    /// <summary>The field's value as typed, but NFC, without NUL characters and lone surrogates, and with <c>\n</c> line ends.</summary>
    public string Raw(string field) => Clean(form[field].ToString());

    /// <summary>All values of a field, such as ticked boxes.</summary>
    public IReadOnlyList<string> All(string field) => [.. form[field].Select(value => Clean(value ?? "").Trim())];

    /// <summary>Whether the field was posted.</summary>
    public bool Has(string field) => form.ContainsKey(field);

    /// <summary>Names of all posted fields.</summary>
    public IEnumerable<string> Fields => form.Keys;

    /// <summary>The posted files.</summary>
    public IFormFileCollection Files => form.Files;

    /// <summary>
    /// NFC with <c>\n</c> line ends. NUL cannot be stored by PostgreSQL and a lone surrogate is no character at all; both are shown as U+FFFD, so that the
    /// writer sees that something was there.
    /// </summary>
    public static string Clean(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace('\0', '\uFFFD');
        text = TextForm.Nfc(text);
        // A page writes these as references, which HTML reads as other letters: what was typed would come back changed.
        return text.AsSpan().IndexOfAnyInRange('\u0080', '\u009F') < 0 ? text : string.Concat(text.Select(c => c is >= '\u0080' and <= '\u009F' ? '\uFFFD' : c));
    }

    /// <summary>Lets minimal-API handlers take a <see cref="PostedForm"/> parameter.</summary>
    public static async ValueTask<PostedForm?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty);
}
