using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.Profile;

/// <summary>
/// The language chosen at the top of a page becomes the person's own, so that their other browsers and letters speak it too. Around the frame's switch, which
/// knows only the browser.
/// </summary>
static class RememberLanguage
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGroup("").AddEndpointFilter(Handle).MapFramePages();

    static async ValueTask<object?> Handle(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var caller = Caller.From(http.User);
        if (HttpMethods.IsPost(http.Request.Method) && caller.IsSignedIn)
        {
            var language = (await http.Request.ReadFormAsync(http.RequestAborted))["language"].ToString();
            var db = http.RequestServices.GetRequiredService<AccountsDb>();
            if (Languages.IsSupported(language) && await db.People.FirstOrDefaultAsync(found => found.Id == caller.PersonId && found.Language != language, http.RequestAborted) is { } person)
            {
                var now = http.RequestServices.GetRequiredService<AppTime>().Now;
                person.Language = language;
                db.Audit(now, caller.PersonId, "profile.changed", person.Id);
                db.PublishChanged(person, now);
                await db.SaveChangesAsync(http.RequestAborted);
            }
        }

        return await next(context);
    }
}
