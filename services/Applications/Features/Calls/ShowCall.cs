using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Calls;

/// <summary>The public page of a call, in each of its languages: <c>?language=sq</c>.</summary>
public static class ShowCall
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/calls/{callId:guid}", Handle).Public().WithMetadata(new ReadInLanguage("language"));

    static async Task<IResult> Handle(Guid callId, string? language, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await CallDefinitions.Newest(db, callId, ct) is not { } found) return Pages.NotFound();
        var languages = found.Definition.Languages;
        // A language the call does not have, in an old or mistyped link, is no reason not to show it.
        var read = language is not null && languages.Contains(language) ? language : NearLanguages.Best(languages, page.Language);
        return Pages.Show<ShowCallPage>(new { Found = found, Language = read, clock.Now });
    }
}
