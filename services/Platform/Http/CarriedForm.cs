using Grants.Platform.Ui;
using Microsoft.AspNetCore.Http;

namespace Grants.Platform.Http;

/// <summary>
/// A form that was posted after the session had ended. Its fields travel in hidden inputs through the sign-in and are then posted again to where they were
/// meant for. Nothing is stored: whoever does not sign in leaves nothing behind.
/// </summary>
/// <param name="Path">Local path and query it was posted to.</param>
/// <param name="Fields">Names and values as they were typed, without passwords.</param>
public sealed record CarriedForm(string Path, IReadOnlyList<(string Name, string Value)> Fields)
{
    /// <summary>Name of the hidden input with the path.</summary>
    public const string PathField = "carried-to";

    /// <summary>What the names of the carried fields begin with.</summary>
    public const string Prefix = "carried:";

    /// <summary>How large the request with a carried form may be: more than the form was, since the prefix is added.</summary>
    public const long MaxBytes = 2 * RequestLimits.Form;

    /// <summary>The inputs that carry it, the path first.</summary>
    public IEnumerable<(string Name, string Value)> Inputs => Fields.Select(input => (Prefix + input.Name, input.Value)).Prepend((PathField, Path));

    /// <summary>What people typed or chose, for them to look at: without ids, versions and hashes, which pages post along.</summary>
    public IEnumerable<string> Shown => Fields.Where(input => !input.Name.StartsWith("token-", StringComparison.Ordinal)).Select(input => input.Value)
        .Where(value => !string.IsNullOrWhiteSpace(value) && !Guid.TryParse(value, out _) && !(value.Length == 64 && value.All(char.IsAsciiHexDigit)));

    /// <summary>What a refused post brought. Passwords are typed again, and files cannot be put into a form by us.</summary>
    public static CarriedForm Of(HttpRequest request, IFormCollection form) => new(
        request.Path + request.QueryString,
        [.. form.Where(field => !field.Key.Contains("password", StringComparison.OrdinalIgnoreCase) && !field.Key.StartsWith(Prefix, StringComparison.Ordinal) && field.Key != PathField)
            .SelectMany(field => field.Value.Select(value => (field.Key, PostedForm.Clean(value ?? ""))))]);

    /// <summary>What came through the sign-in form; null when nothing did. A path that leads elsewhere is not followed.</summary>
    public static CarriedForm? From(IFormCollection form)
    {
        var path = form[PathField].ToString();
        if (path == "" || Pages.LocalPath(path) != path) return null;
        return new(path, [.. form.Where(field => field.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .SelectMany(field => field.Value.Select(value => (field.Key[Prefix.Length..], PostedForm.Clean(value ?? ""))))]);
    }
}
