using Grants.Applications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Check;

/// <summary>Saves one field of a check when it loses focus. The whole form can be saved without it.</summary>
public static class SaveCheck
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/desk/applications/{applicationId:guid}/check/fields", Handle)
            .ForRoles("the call is in the scope of the role, and the officer is no member of the applicant", Role.ProgrammeOfficer);

    static async Task<IResult> Handle(Guid applicationId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await CheckApplication.ToDo(db, applicationId, caller, ct) is not var (application, call)) return Pages.NotFound();
        if (application.State != ApplicationState.Submitted) return Results.Json(new { error = page.Text<CheckPage>("check.decidedMeanwhile") }, statusCode: StatusCodes.Status409Conflict);
        var name = CheckForm.Fields(call.Definition).FirstOrDefault(form.Has);
        if (name is null) return Refuse(page.Text<CheckPage>("check.unknownField"));
        var value = form[name];
        var shown = FieldToken.Parse(form[CheckSaving.TokenOf(name)]);
        if (!CheckForm.CanKeep(name, value))
            return Refuse(CheckForm.LimitOf(name) is { } limit ? page.Text<CheckPage>("check.reasonTooLong", DraftForm.Characters(value), limit) : page.Text<CheckPage>("check.unknownField"));

        var saved = await CheckSaving.Save(db, applicationId, new Dictionary<string, (FieldToken, string)> { [name] = (shown, value) }, caller, clock.Now, ct);
        var stored = saved.Stored.GetValueOrDefault(name);
        if (saved.Outcomes[name] == SaveOutcome.Conflict) return Results.Json(new { error = page.Text<CheckPage>("check.conflict") }, statusCode: StatusCodes.Status409Conflict);
        var token = saved.Outcomes[name] == SaveOutcome.Saved || value == (stored?.Value ?? "") ? FieldToken.Of(stored?.Version ?? 0, stored?.Value ?? "") : shown;
        return Results.Json(new
        {
            savedAt = Dates.ShortInstant(clock.Now, call.Definition.TimeZone, page.Culture),
            hidden = new Dictionary<string, string> { [CheckSaving.TokenOf(name)] = token.ToString() },
        });

        static IResult Refuse(string sentence) => Results.Json(new { error = sentence }, statusCode: StatusCodes.Status422UnprocessableEntity);
    }
}
