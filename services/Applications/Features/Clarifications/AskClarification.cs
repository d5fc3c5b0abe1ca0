using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Applications.Features.Check;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Clarifications;

/// <summary>The officer asks the applicant to make items of the check clear.</summary>
public static class AskClarification
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        const string relation = "the call is in the scope of the role, and the officer is no member of the applicant";
        routes.MapGet("/desk/applications/{applicationId:guid}/clarifications/new", Show).ForRoles(relation, Role.ProgrammeOfficer);
        routes.MapPost("/desk/applications/{applicationId:guid}/clarifications", Handle).ForRoles(relation, Role.ProgrammeOfficer);
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        if (await CheckApplication.ToDo(db, applicationId, caller, ct) is not var (application, call)) return Pages.NotFound();
        if (application.State != ApplicationState.Submitted || Asking.DaysOf(call.Definition) == 0) return Results.LocalRedirect($"/desk/applications/{applicationId}");
        // What is at no, and nobody has asked about yet, is what one comes here for.
        var checklist = new Checklist(
            call.Definition, (await CheckSaving.Load(db, applicationId, ct)).ToDictionary(field => field.Key, field => field.Value.Value),
            await EligibilityDecision.ClarificationsOf(db, applicationId, ct));
        return Page(application, call, Guid.CreateVersion7(), [.. checklist.Failed.Where(checklist.MustAskFirst).Select(item => item.Id)], "", clock.Now, null);
    }

    static async Task<IResult> Handle(Guid applicationId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await CheckApplication.ToDo(db, applicationId, caller, ct) is not var (application, call)) return Pages.NotFound();
        if (Asking.DaysOf(call.Definition) == 0) return Results.LocalRedirect($"/desk/applications/{applicationId}");
        // The id comes with the form, so that a second click finds what the first one made.
        var id = Guid.TryParse(form["id"], out var given) && given.Version == 7 ? given : Guid.CreateVersion7();
        var (items, question, now) = (form.All("items"), form["question"], clock.Now);
        var errors = Check(call, items, question, page);
        if (!errors.None) return Page(application, call, id, items, question, now, errors);
        switch (await Asking.Ask(db, id, applicationId, call, items, question, caller, now, ct))
        {
            case AskOutcome.AskedAlready:
                return Page(application, call, id, items, question, now, new FieldErrors().Add("items", page.Text<AskClarificationPage>("ask.already")), StatusCodes.Status409Conflict);
            case AskOutcome.MayBeReplaced:
                return Page(application, call, id, items, question, now, new FieldErrors().Add("", page.Text<AskClarificationPage>("ask.mayBeReplaced")), StatusCodes.Status409Conflict);
            case AskOutcome.NotInCheck:
                return Pages.Problem(StatusCodes.Status409Conflict, page.Text<AskClarificationPage>("ask.notInCheck"));
            default:
                return Results.LocalRedirect($"/desk/applications/{applicationId}");
        }
    }

    /// <summary>What is wrong with a question.</summary>
    public static FieldErrors Check(CallNow call, IReadOnlyList<string> items, string question, PageContext page)
    {
        var errors = new FieldErrors();
        if (items.Count == 0 || items.Any(id => call.Definition.CheckList.All(item => item.Id != id))) errors.Add("items", page.Text<AskClarificationPage>("ask.noItem"));
        if (question.Length == 0) errors.Add("question", page.Text<AskClarificationPage>("ask.noQuestion"));
        else if (DraftForm.Characters(question) is var characters && characters > Clarification.QuestionCharacters)
            errors.Add("question", page.Text<AskClarificationPage>("ask.tooLong", characters, Clarification.QuestionCharacters));
        return errors;
    }

    static IResult Page(
        Application application, CallNow call, Guid id, IReadOnlyList<string> items, string question, DateTimeOffset now, FieldErrors? errors, int? status = null) =>
        Pages.Show<AskClarificationPage>(
            new
            {
                Application = application,
                call.Definition,
                Id = id,
                Items = items,
                Question = question,
                DueAt = Clarification.DueFor(now, Asking.DaysOf(call.Definition), call.Definition.TimeZone),
                Errors = errors,
            },
            status ?? (errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity));
}
