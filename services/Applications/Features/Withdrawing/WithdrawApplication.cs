using Grants.Applications.Domain;
using Grants.Applications.Features.Apply;
using Grants.Contracts.Applications;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Withdrawing;

/// <summary>The applicant takes an application back: from the submission until the agreement is in force.</summary>
public static class WithdrawApplication
{
    /// <summary>Longest reason.</summary>
    public const int ReasonCharacters = 2000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/applications/{applicationId:guid}/withdrawal", Show).SignedIn("member of the organisation who may commit it");
        routes.MapPost("/applications/{applicationId:guid}/withdrawal", Handle).SignedIn("member of the organisation who may commit it");
    }

    /// <summary>Whether it can still be taken back, by what the reader may know of it.</summary>
    public static bool IsPossible(Application application, IEnumerable<TimelineEntry> entries) =>
        ApplicationLifecycle.Table.Allows(application.State, ApplicationAction.Withdraw, ApplicationRole.Committer)
        && entries.All(entry => entry.Kind is not (TimelineKind.AgreementInForce or TimelineKind.Rejected));

    static async Task<IResult> Show(Guid applicationId, Caller caller, ApplicationsDb db, PageContext page, CancellationToken ct)
    {
        if (await Of(db, applicationId, caller, ct) is not var (draft, entries)) return Pages.NotFound();
        return draft.Application.State == ApplicationState.Withdrawn ? Results.LocalRedirect($"/applications/{applicationId}")
            : IsPossible(draft.Application, entries) ? Page(draft, entries, "", null)
            : Pages.Problem(StatusCodes.Status409Conflict, page.Text<WithdrawPage>("withdraw.tooLate"));
    }

    static async Task<IResult> Handle(Guid applicationId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Of(db, applicationId, caller, ct) is not var (draft, entries)) return Pages.NotFound();
        var application = draft.Application;
        // The second of two clicks.
        if (application.State == ApplicationState.Withdrawn) return Results.LocalRedirect($"/applications/{applicationId}");
        if (!IsPossible(application, entries)) return Pages.Problem(StatusCodes.Status409Conflict, page.Text<WithdrawPage>("withdraw.tooLate"));
        var reason = form["reason"];
        var errors = new FieldErrors();
        if (DraftForm.Characters(reason) is var characters && characters > ReasonCharacters) errors.Add("reason", page.Text<WithdrawPage>("withdraw.tooLong", characters, ReasonCharacters));
        if (form["sure"] != "yes") errors.Add("sure", page.Text<WithdrawPage>("withdraw.notSure"));
        if (!errors.None) return Page(draft, entries, reason, errors);

        using var span = Tracing.Start("application withdraw", applicationId);
        var now = clock.Now;
        application.Withdraw();
        db.Add(TimelineEntry.Of(applicationId, now, TimelineKind.Withdrawn));
        db.Audit(now, caller.PersonId, "application.withdrawn", applicationId, reason.Length == 0 ? null : reason);
        db.Publish(new ApplicationWithdrawn(applicationId, application.Version, now, application.CallId, application.Reference!, application.OrganisationId, reason, caller.PersonId));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Checked, or changed, in this moment: the page says where it stands now, and nothing was withdrawn yet.
            db.ChangeTracker.Clear();
            return await Of(db, applicationId, caller, ct) is var (again, newest) && IsPossible(again.Application, newest)
                ? Page(again, newest, reason, new FieldErrors().Add("", page.Text<WithdrawPage>("withdraw.changed")), StatusCodes.Status409Conflict)
                : Results.LocalRedirect($"/applications/{applicationId}");
        }

        return Results.LocalRedirect($"/applications/{applicationId}");
    }

    // What is only a draft cannot be withdrawn. What the applicant was not told does not show here either, but an agreement in force counts also before the news of the letter.
    static async Task<(Draft Draft, IReadOnlyList<TimelineEntry> Entries)?> Of(ApplicationsDb db, Guid applicationId, Caller caller, CancellationToken ct)
    {
        if (await Drafts.Of(db, applicationId, caller, ct) is not { } draft || !draft.Organisation.MayCommit(caller.PersonId) || draft.Application.State == ApplicationState.Draft) return null;
        var all = await db.TimelineEntries.AsNoTracking().Where(entry => entry.ApplicationId == applicationId).ToListAsync(ct);
        return (draft, [.. Timeline.ForApplicant(all).Union(all.Where(entry => entry.Kind == TimelineKind.AgreementInForce))]);
    }

    static IResult Page(Draft draft, IReadOnlyList<TimelineEntry> entries, string reason, FieldErrors? errors, int status = StatusCodes.Status422UnprocessableEntity) =>
        Pages.Show<WithdrawPage>(new { Draft = draft, Entries = entries, Reason = reason, Errors = errors }, errors is null ? StatusCodes.Status200OK : status);
}
