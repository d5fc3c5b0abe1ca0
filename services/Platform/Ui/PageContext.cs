using System.Globalization;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grants.Platform.Ui;

/// <summary>Who reads a page, in which language and where. One a request; components inherit <see cref="GrantsPage"/> and have it, handlers take it as a parameter.</summary>
public sealed class PageContext
{
    /// <summary>Name of the cookie with the chosen language.</summary>
    public const string LanguageCookie = "lang";

    /// <summary>The zone of instants in sentences that name no zone of their own.</summary>
    public const string DefaultZone = "Europe/Sarajevo";

    /// <summary>Makes a context; requests get theirs from <see cref="From"/>.</summary>
    public PageContext(Caller caller, string language, string path, AppTime clock, bool demoMode = false, bool strict = true, bool inDevelopment = false)
    {
        Caller = caller;
        Language = language;
        Path = path;
        Clock = clock;
        DemoMode = demoMode;
        Strict = strict;
        InDevelopment = inDevelopment;
    }

    /// <summary>Who reads.</summary>
    public Caller Caller { get; }

    /// <summary>Code of the language, one of <see cref="Languages.Supported"/>.</summary>
    public string Language { get; }

    /// <summary>Culture of the language, for numbers and dates.</summary>
    public CultureInfo Culture => Languages.Of(Language).Culture;

    /// <summary>Path and query of the request.</summary>
    public string Path { get; }

    /// <summary>The product's clock.</summary>
    public AppTime Clock { get; }

    /// <summary>Whether this is a demonstration, with a banner that says so (<c>Demo:Enabled</c>; never outside development).</summary>
    public bool DemoMode { get; }

    /// <summary>Whether a missing English text throws (development and tests).</summary>
    public bool Strict { get; }

    /// <summary>Where the language switch leads back to: here, and not in the language that the address asks for.</summary>
    public string PathInAnyLanguage { get; private init; } = "";

    internal bool InDevelopment { get; }

    /// <summary>
    /// A sentence for the reader, for handlers that report what is wrong with a field. <typeparamref name="TMarker"/> is a type of the folder
    /// whose <c>Texts.resx</c> has the key, usually the page's component.
    /// </summary>
    public string Text<TMarker>(string key, params object?[] args) => Text(typeof(TMarker), key, args);

    /// <summary>The same for types that cannot be type arguments, such as static classes.</summary>
    public string Text(Type marker, string key, params object?[] args) =>
        Texts.Format(Texts.Find(marker, key, Language, Strict), DefaultZone, args);

    /// <summary>Reads the context of a request.</summary>
    public static PageContext From(HttpContext http)
    {
        var environment = http.RequestServices.GetService<IHostEnvironment>();
        var development = environment?.IsDevelopment() == true;
        var caller = Caller.From(http.User);
        var parameter = http.GetEndpoint()?.Metadata.GetMetadata<ReadInLanguage>()?.Parameter;
        return new PageContext(
            caller,
            LanguageOf(http.Request, caller, parameter),
            http.Request.Path + http.Request.QueryString,
            http.RequestServices.GetRequiredService<AppTime>(),
            development && http.RequestServices.GetService<IConfiguration>()?.GetValue<bool>("Demo:Enabled") == true,
            environment?.IsProduction() != true,
            development)
        {
            PathInAnyLanguage = http.Request.Path + (parameter is null ? http.Request.QueryString : QueryString.Create(http.Request.Query.Where(pair => pair.Key != parameter))),
        };
    }

    static string LanguageOf(HttpRequest request, Caller caller, string? parameter)
    {
        if (parameter is not null && request.Query[parameter].ToString() is var asked && Languages.IsSupported(asked)) return asked;
        var accepted = request.GetTypedHeaders().AcceptLanguage.Where(wish => wish.Quality is not 0).OrderByDescending(wish => wish.Quality ?? 1).Select(wish => wish.Value.Value);
        return Languages.Match([request.Cookies[LanguageCookie], caller.Language, .. accepted]) ?? Languages.Fallback;
    }
}

/// <summary>On routes whose address may say in which language the page is read, so that such a link can be shared: it goes before the reader's own choice.</summary>
/// <param name="Parameter">Name in the query.</param>
public sealed record ReadInLanguage(string Parameter);
