using System.Text.Json;
using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Applications.Features.Receipts;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Check;

/// <summary>An application on the officer's desk, and its administrative and eligibility check.</summary>
public static class CheckApplication
{
    /// <summary>Longest reason.</summary>
    public const int ReasonCharacters = 2000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/desk/applications/{applicationId:guid}", Show).ForRoles("the call is in the scope of the role", StaffApplications.Readers);
        routes.MapPost("/desk/applications/{applicationId:guid}/check", Decide).ForRoles("the call is in the scope of the role, and the officer is no member of the applicant", Role.ProgrammeOfficer);
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, ApplicationsDb db, FileStore files, CancellationToken ct) =>
        await StaffApplications.Of(db, applicationId, caller, StaffApplications.Readers, ct) is var (application, call)
            ? await Page(db, files, application, call, caller, new CheckInput(new Dictionary<string, string>(), "", ""), null, ct)
            : Pages.NotFound();

    static async Task<IResult> Decide(
        Guid applicationId, PostedForm form, Caller caller, ApplicationsDb db, FileStore files, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await StaffApplications.Of(db, applicationId, caller, [Role.ProgrammeOfficer], ct) is not var (application, call)) return Pages.NotFound();
        if (await IsMember(db, application, caller, ct)) return Pages.NotFound();
        // Checked meanwhile, or a second click: the page shows what was decided.
        if (application.State != ApplicationState.Submitted) return Results.LocalRedirect($"/desk/applications/{applicationId}");

        using var span = Tracing.Start("eligibility decide", applicationId);
        var input = CheckInput.From(form, call.Definition);
        var errors = Check(input, call.Definition, page);
        // Evaluators would read it next. That an application is not eligible may be said at any time.
        if (input.Eligible == "yes" && await db.DraftDocuments.AnyAsync(file => file.ApplicationId == applicationId && file.State == DocumentState.BeingChecked, ct))
            errors.Add("eligible", page.Text<CheckPage>("check.documentsWaiting"));
        if (!errors.None) return await Page(db, files, application, call, caller, input, errors, ct);

        var (now, eligible) = (clock.Now, input.Eligible == "yes");
        application.DecideEligibility(eligible);
        db.Add(new EligibilityCheck
        {
            ApplicationId = applicationId,
            Answers = JsonSerializer.Serialize(input.Items.ToDictionary(item => item.Key, item => item.Value == "yes")),
            Eligible = eligible,
            Reason = input.Reason,
            DecidedBy = caller.PersonId,
            DecidedByName = caller.Name,
            DecidedAt = now,
        });
        db.Add(TimelineEntry.Of(applicationId, now, eligible ? TimelineKind.FoundEligible : TimelineKind.FoundIneligible));
        db.Audit(now, caller.PersonId, eligible ? "application.eligible" : "application.ineligible", applicationId, input.Reason);
        db.Publish(new EligibilityDecided(applicationId, application.Version, now, application.CallId, eligible, input.Reason, caller.PersonId));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || e.IsUniqueViolation())
        {
            // A colleague was faster: theirs stands.
        }

        return Results.LocalRedirect($"/desk/applications/{applicationId}");
    }

    static FieldErrors Check(CheckInput input, CallDefinition call, PageContext page)
    {
        var errors = new FieldErrors();
        foreach (var item in call.CheckList)
            if (input.Items[item.Id] is not ("yes" or "no")) errors.Add(CheckInput.FieldOf(item.Id), page.Text<CheckPage>("check.itemMissing", LocalText.Pick(item.Label, page.Language).Text));
        if (input.Eligible is not ("yes" or "no")) errors.Add("eligible", page.Text<CheckPage>("check.outcomeMissing"));
        if (input.Reason.Length == 0) errors.Add("reason", page.Text<CheckPage>("check.reasonMissing"));
        else if (DraftForm.Characters(input.Reason) is var characters && characters > ReasonCharacters)
            errors.Add("reason", page.Text<CheckPage>("check.reasonTooLong", characters, ReasonCharacters));
        return errors;
    }

    static Task<bool> IsMember(ApplicationsDb db, Application application, Caller caller, CancellationToken ct) =>
        db.Memberships.AnyAsync(member => member.OrganisationId == application.OrganisationId && member.PersonId == caller.PersonId, ct);

    static async Task<IResult> Page(
        ApplicationsDb db, FileStore files, Application application, CallNow call, Caller caller, CheckInput input, FieldErrors? errors, CancellationToken ct)
    {
        var done = await db.EligibilityChecks.AsNoTracking().SingleOrDefaultAsync(check => check.ApplicationId == application.Id, ct);
        var mayDecide = caller.Holds(StaffApplications.PlaceOf(call.Call, application.Country), Role.ProgrammeOfficer) && !await IsMember(db, application, caller, ct);
        return Pages.Show<CheckPage>(
            new
            {
                Application = application,
                call.Definition,
                Dossier = await Dossiers.Read(files, application, ct),
                Documents = await db.DraftDocuments.AsNoTracking().Where(file => file.ApplicationId == application.Id).ToListAsync(ct),
                Done = done,
                Answers = done is null ? [] : JsonSerializer.Deserialize<Dictionary<string, bool>>(done.Answers)!,
                MayDecide = mayDecide,
                Input = input,
                Errors = errors,
            },
            errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

/// <summary>The check as typed.</summary>
/// <param name="Items">Answer by item.</param>
/// <param name="Eligible">The outcome.</param>
/// <param name="Reason">The reason.</param>
public sealed record CheckInput(IReadOnlyDictionary<string, string> Items, string Eligible, string Reason)
{
    /// <summary>Name of the field of an item.</summary>
    public static string FieldOf(string itemId) => "item-" + itemId;

    /// <summary>Reads it from the form.</summary>
    public static CheckInput From(PostedForm form, CallDefinition call) => new(call.CheckList.ToDictionary(item => item.Id, item => form[FieldOf(item.Id)]), form["eligible"], form["reason"]);
}
