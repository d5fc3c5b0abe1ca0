using System.Text.Json;
using Grants.Applications.Domain;
using Grants.Applications.Features.Apply;
using Grants.Applications.Features.Calls;
using Grants.Applications.Features.Receipts;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Check;

/// <summary>An application on the officer's desk, and its administrative and eligibility check.</summary>
public static class CheckApplication
{
    const string Relation = "the call is in the scope of the role, and the officer is no member of the applicant";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/desk/applications/{applicationId:guid}", Show).ForRoles("the call is in the scope of the role", StaffApplications.Readers);
        routes.MapPost("/desk/applications/{applicationId:guid}/check", Decide).ForRoles(Relation, Role.ProgrammeOfficer);
        routes.MapPost("/desk/applications/{applicationId:guid}/check/list", Save).ForRoles(Relation, Role.ProgrammeOfficer);
    }

    /// <summary>The application with its call, if the caller may check it.</summary>
    public static async Task<(Application Application, CallNow Call)?> ToDo(ApplicationsDb db, Guid applicationId, Caller caller, CancellationToken ct) =>
        await StaffApplications.Of(db, applicationId, caller, [Role.ProgrammeOfficer], ct) is var (application, call) && !await IsMember(db, application, caller, ct)
            ? (application, call)
            : null;

    static async Task<IResult> Show(Guid applicationId, bool? changed, Caller caller, ApplicationsDb db, FileStore files, PageContext page, CancellationToken ct)
    {
        if (await StaffApplications.Of(db, applicationId, caller, StaffApplications.Readers, ct) is not var (application, call)) return Pages.NotFound();
        var errors = changed == true && application.State == ApplicationState.Submitted ? new FieldErrors().Add("", page.Text<CheckPage>("check.changed")) : null;
        return await Page(db, files, application, call, caller, page, Fields(call.Definition, await CheckSaving.Load(db, applicationId, ct)), errors, StatusCodes.Status200OK, ct);
    }

    static Task<IResult> Save(
        Guid applicationId, PostedForm form, Caller caller, ApplicationsDb db, FileStore files, AppTime clock, PageContext page, CancellationToken ct) =>
        Handle(applicationId, form, caller, db, files, clock, page, finish: false, ct);

    static Task<IResult> Decide(
        Guid applicationId, PostedForm form, Caller caller, ApplicationsDb db, FileStore files, AppTime clock, PageContext page, CancellationToken ct) =>
        Handle(applicationId, form, caller, db, files, clock, page, finish: true, ct);

    static async Task<IResult> Handle(
        Guid applicationId, PostedForm form, Caller caller, ApplicationsDb db, FileStore files, AppTime clock, PageContext page, bool finish, CancellationToken ct)
    {
        if (await ToDo(db, applicationId, caller, ct) is not var (application, call)) return Pages.NotFound();
        // Checked meanwhile, or a second click: the page shows what was decided.
        if (application.State != ApplicationState.Submitted) return Results.LocalRedirect($"/desk/applications/{applicationId}");

        using var span = Tracing.Start(finish ? "eligibility decide" : "eligibility save", applicationId);
        var now = clock.Now;
        var errors = new FieldErrors();
        var typed = new Dictionary<string, (FieldToken Shown, string Typed)>();
        foreach (var name in CheckForm.Fields(call.Definition).Where(form.Has))
        {
            if (CheckForm.CanKeep(name, form[name])) typed[name] = (FieldToken.Parse(form[CheckSaving.TokenOf(name)]), form[name]);
            else if (CheckForm.LimitOf(name) is { } limit) errors.Add(name, page.Text<CheckPage>("check.reasonTooLong", DraftForm.Characters(form[name]), limit));
        }

        // What is right is saved also when something else is wrong or missing: nothing that was written is lost.
        var saved = await CheckSaving.Save(db, applicationId, typed, caller, now, ct);
        var fields = Fields(call.Definition, saved.Stored);
        foreach (var (name, _) in errors.All) fields[name] = new ShownField(form[name], FieldToken.Parse(form[CheckSaving.TokenOf(name)]));
        var conflicts = saved.Outcomes.Where(outcome => outcome.Value == SaveOutcome.Conflict).Select(outcome => outcome.Key).ToList();
        foreach (var name in conflicts)
        {
            var stored = saved.Stored[name];
            errors.Add(name, page.Text<CheckPage>("check.conflict"));
            fields[name] = new ShownField(typed[name].Typed, FieldToken.Of(stored.Version, stored.Value), InWords(page, name, stored.Value), stored.SavedByName, stored.SavedAt);
        }

        if (conflicts.Count > 0 || !finish)
        {
            return errors.None
                ? Results.LocalRedirect($"/desk/applications/{applicationId}")
                : await Page(
                    db, files, application, call, caller, page, fields, errors, conflicts.Count > 0 ? StatusCodes.Status409Conflict : StatusCodes.Status422UnprocessableEntity, ct);
        }

        // Saving has let go of what was read: the version must be the one that the judgement below is made on.
        if (await ToDo(db, applicationId, caller, ct) is not var (current, _)) return Pages.NotFound();
        if (current.State != ApplicationState.Submitted) return Results.LocalRedirect($"/desk/applications/{applicationId}");
        var checklist = new Checklist(call.Definition, saved.Values, await EligibilityDecision.ClarificationsOf(db, applicationId, ct));
        foreach (var (field, problem) in checklist.Problems().Where(found => errors.For(found.Field) is null)) errors.Add(field, Sentence(page, checklist, field, problem));
        var eligible = checklist.Values.GetValueOrDefault(CheckForm.Outcome) == CheckForm.Yes;
        // Evaluators would read it next. That an application is not eligible may be said at any time.
        if (eligible && await EligibilityDecision.DocumentsWait(db, applicationId, ct)) errors.Add(CheckForm.Outcome, page.Text<CheckPage>("check.documentsWaiting"));
        if (!errors.None) return await Page(db, files, current, call, caller, page, fields, errors, StatusCodes.Status422UnprocessableEntity, ct);

        await EligibilityDecision.Record(db, current, checklist, eligible, caller, now, ct);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || e.IsUniqueViolation())
        {
            // A colleague was faster: theirs stands. What was written here is saved, and the page says that something happened meanwhile.
            return Results.LocalRedirect($"/desk/applications/{applicationId}?changed=true");
        }

        return Results.LocalRedirect($"/desk/applications/{applicationId}");
    }

    /// <summary>What is missing, as a sentence that says how to put it right.</summary>
    public static string Sentence(PageContext page, Checklist checklist, string field, CheckProblem problem)
    {
        var item = checklist.Call.CheckList.FirstOrDefault(item => field == CheckForm.OfItem(item.Id) || field == CheckForm.WhyOf(item.Id));
        var label = item is null ? "" : LocalText.Pick(item.Label, page.Language).Text;
        return problem switch
        {
            CheckProblem.NoAnswer => page.Text<CheckPage>("check.itemMissing", label),
            CheckProblem.NoReason => page.Text<CheckPage>("check.whyMissing", label),
            CheckProblem.TooLong => page.Text<CheckPage>("check.reasonTooLong", DraftForm.Characters(checklist.Values[field]), CheckForm.LimitOf(field)),
            CheckProblem.NoOutcome => page.Text<CheckPage>("check.outcomeMissing"),
            CheckProblem.NoReasonOfAll => page.Text<CheckPage>("check.reasonMissing"),
            CheckProblem.EligibleWithNo => page.Text<CheckPage>("check.eligibleWithNo"),
            CheckProblem.IneligibleWithoutNo => page.Text<CheckPage>("check.ineligibleWithoutNo"),
            CheckProblem.AskFirst => page.Text<CheckPage>("check.askFirst", label),
            _ => page.Text<CheckPage>(
                "check.waitingForAnswer",
                Dates.Instant(checklist.Clarifications.Where(asked => asked.State == ClarificationState.Open).Max(asked => asked.DueAt), checklist.Call.TimeZone, page.Culture)),
        };
    }

    static Dictionary<string, ShownField> Fields(CallDefinition call, IReadOnlyDictionary<string, CheckField> stored) => CheckForm.Fields(call).ToDictionary(
        name => name,
        name => stored.GetValueOrDefault(name) is { } field ? new ShownField(field.Value, FieldToken.Of(field.Version, field.Value)) : new ShownField("", FieldToken.Of(0, "")));

    static string InWords(PageContext page, string field, string value) =>
        CheckForm.LimitOf(field) is null && value.Length > 0 ? page.Text<CheckPage>($"check.{value}") : value;

    static Task<bool> IsMember(ApplicationsDb db, Application application, Caller caller, CancellationToken ct) =>
        db.Memberships.AnyAsync(member => member.OrganisationId == application.OrganisationId && member.PersonId == caller.PersonId, ct);

    static async Task<IResult> Page(
        ApplicationsDb db, FileStore files, Application application, CallNow call, Caller caller, PageContext page, IReadOnlyDictionary<string, ShownField> fields, FieldErrors? errors,
        int status, CancellationToken ct)
    {
        var done = await db.EligibilityChecks.AsNoTracking().SingleOrDefaultAsync(check => check.ApplicationId == application.Id, ct);
        var mayDecide = caller.Holds(StaffApplications.PlaceOf(call.Call, application.Country), Role.ProgrammeOfficer) && !await IsMember(db, application, caller, ct);
        var dossier = await Dossiers.Read(files, application, ct);
        return Pages.Show<CheckPage>(
            new
            {
                Application = application,
                call.Definition,
                Dossier = dossier,
                Documents = await db.DraftDocuments.AsNoTracking().Where(file => file.ApplicationId == application.Id).ToListAsync(ct),
                Done = done,
                Answers = done is null ? [] : JsonSerializer.Deserialize<Dictionary<string, CheckedItem>>(done.Answers)!,
                MayDecide = mayDecide,
                Fields = fields,
                Checklist = new Checklist(
                    call.Definition, fields.ToDictionary(field => field.Key, field => field.Value.Value), await EligibilityDecision.ClarificationsOf(db, application.Id, ct)),
                Findings = await Findings.Of(db, application, call, dossier, page, ct),
                Errors = errors,
            },
            status);
    }
}
