using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Applications.Features.Clarifications;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Check;

/// <summary>
/// One action on many applications. A page first names each with what will happen to it, or why nothing will; then each is done by itself, with its own line in the
/// audit trail and its own event, and what has changed since is left alone and said.
/// </summary>
public static class DoMany
{
    /// <summary>The actions there are.</summary>
    public const string Eligible = "eligible", Ask = "ask";

    public static void Map(IEndpointRouteBuilder routes)
    {
        const string relation = "every application in the scope of the role, and the officer no member of its applicant";
        routes.MapPost("/desk/calls/{callId:guid}/many", Preview).ForRoles(relation, Role.ProgrammeOfficer);
        routes.MapPost("/desk/calls/{callId:guid}/many/done", Handle).ForRoles(relation, Role.ProgrammeOfficer);
    }

    static async Task<IResult> Preview(
        Guid callId, PostedForm form, HttpRequest request, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await CallDefinitions.Newest(db, callId, ct) is not { } call || DeskScope.Of(caller, call) is not { Any: true } scope || !Knows(form["action"], call)) return Pages.NotFound();
        var ids = form.All("application").Select(id => Guid.TryParse(id, out var parsed) ? parsed : Guid.Empty).ToList();
        var rows = await Judge(db, call, caller, ids, form["action"], "", page, ct);
        if (rows.Count == 0)
        {
            return await ShowCallDesk.Page(
                db, call, scope, DeskView.Of(request), null, clock.Now, new FieldErrors().Add("", page.Text<CallDeskPage>("many.noneChosen")), StatusCodes.Status422UnprocessableEntity, ct);
        }

        return Page(call, form["action"], rows, new ManyInput("", [], ""), clock.Now, null);
    }

    static async Task<IResult> Handle(Guid callId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await CallDefinitions.Newest(db, callId, ct) is not { } call || !DeskScope.Of(caller, call).Any || !Knows(form["action"], call)) return Pages.NotFound();
        var (action, now) = (form["action"], clock.Now);
        var input = new ManyInput(form["reason"], form.All("items"), form["question"]);
        // What the page showed of each: its version, and the id of the question that it would be asked.
        var shown = form.All("application").Select(value => value.Split(':'))
            .Where(parts => parts.Length == 3 && Guid.TryParse(parts[0], out _) && long.TryParse(parts[1], out _) && Guid.TryParse(parts[2], out _))
            .Select(parts => (Id: Guid.Parse(parts[0]), Version: long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), Question: Guid.Parse(parts[2])))
            .DistinctBy(one => one.Id).ToList();
        var rows = await Judge(db, call, caller, [.. shown.Select(one => one.Id)], action, input.Reason, page, ct);
        var errors = action == Ask ? AskClarification.Check(call, input.Items, input.Question, page) : ReasonErrors(input.Reason, page);
        if (!errors.None) return Page(call, action, rows, input, now, errors);

        var done = new List<ManyRow>();
        foreach (var row in rows)
        {
            var (_, version, question) = shown.Single(one => one.Id == row.Application.Id);
            var outcome = action == Ask ? await AskOne(db, call, row, version, question, input, caller, now, page, ct) : await FindEligible(db, call, row, version, input, caller, now, page, ct);
            done.Add(row with { Skipped = outcome });
        }

        return Pages.Show<ManyDonePage>(new { Found = call, Action = action, Rows = done });
    }

    static FieldErrors ReasonErrors(string reason, PageContext page)
    {
        var errors = new FieldErrors();
        if (reason.Length == 0) errors.Add("reason", page.Text<CallDeskPage>("check.reasonMissing"));
        else if (!CheckForm.CanKeep(CheckForm.Reason, reason)) errors.Add("reason", page.Text<CallDeskPage>("check.reasonTooLong", DraftForm.Characters(reason), CheckForm.ReasonCharacters));
        return errors;
    }

    // Null when it was done, otherwise why not.
    static async Task<string?> AskOne(
        ApplicationsDb db, CallNow call, ManyRow row, long version, Guid question, ManyInput input, Caller caller, DateTimeOffset now, PageContext page, CancellationToken ct)
    {
        if (row.Skipped is not null) return row.Skipped;
        var ofApplication = await CallDefinitions.Of(db, call.Call, row.Application.CallVersion, ct);
        return await Asking.Ask(db, question, row.Application.Id, ofApplication, input.Items, input.Question, caller, now, ct, version) switch
        {
            AskOutcome.Asked => null,
            AskOutcome.AskedAlready => page.Text<AskClarificationPage>("ask.already"),
            AskOutcome.MayBeReplaced => page.Text<AskClarificationPage>("ask.mayBeReplaced"),
            AskOutcome.Changed => page.Text<CallDeskPage>("many.changed"),
            _ => page.Text<CallDeskPage>("many.notToCheck"),
        };
    }

    static async Task<string?> FindEligible(
        ApplicationsDb db, CallNow call, ManyRow row, long version, ManyInput input, Caller caller, DateTimeOffset now, PageContext page, CancellationToken ct)
    {
        if (row.Skipped is not null) return row.Skipped;
        using var span = Tracing.Start("eligibility decide", row.Application.Id);
        db.ChangeTracker.Clear();
        var application = await db.Applications.SingleAsync(found => found.Id == row.Application.Id, ct);
        // Judged again on what is there now: it may have become another since the page was made, and since the rows were read.
        if (application.Version != version || application.State != ApplicationState.Submitted) return page.Text<CallDeskPage>("many.changed");
        var checklist = await ChecklistOf(db, call, application, input.Reason, ct);
        if (await WhyNot(db, application, checklist, page, ct) is { } why) return why;
        await EligibilityDecision.Record(db, application, checklist, eligible: true, caller, now, ct);
        try
        {
            await db.SaveChangesAsync(ct);
            return null;
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || e.IsUniqueViolation())
        {
            return page.Text<CallDeskPage>("many.changed");
        }
    }

    // The chosen applications the caller may act on, in the order of their references, each with why nothing would happen to it.
    static async Task<IReadOnlyList<ManyRow>> Judge(
        ApplicationsDb db, CallNow call, Caller caller, IReadOnlyList<Guid> ids, string action, string reason, PageContext page, CancellationToken ct)
    {
        var applications = await db.Applications.AsNoTracking().Where(found => found.CallId == call.Call.Id && ids.Contains(found.Id) && found.State != ApplicationState.Draft)
            .OrderBy(found => found.Reference).ToListAsync(ct);
        var own = await db.Memberships.Where(member => member.PersonId == caller.PersonId).Select(member => member.OrganisationId).ToListAsync(ct);
        var rows = new List<ManyRow>();
        foreach (var application in applications.Where(found => caller.Holds(StaffApplications.PlaceOf(call.Call, found.Country), Role.ProgrammeOfficer)))
        {
            var skipped = own.Contains(application.OrganisationId) ? page.Text<CallDeskPage>("many.own")
                : application.State != ApplicationState.Submitted ? page.Text<CallDeskPage>("many.notToCheck")
                : action == Eligible ? await WhyNot(db, application, await ChecklistOf(db, call, application, reason, ct), page, ct)
                : null;
            rows.Add(new ManyRow(application, Guid.CreateVersion7(), skipped));
        }

        return rows;
    }

    static async Task<Checklist> ChecklistOf(ApplicationsDb db, CallNow call, Application application, string reason, CancellationToken ct)
    {
        var values = (await CheckSaving.Load(db, application.Id, ct)).ToDictionary(field => field.Key, field => field.Value.Value);
        values.TryAdd(CheckForm.Outcome, "");
        // Its own words where somebody wrote them, otherwise those for all, which are yet to be written when the page is first shown.
        if (values.GetValueOrDefault(CheckForm.Reason, "").Length == 0) values[CheckForm.Reason] = reason.Length > 0 ? reason : " ";
        return new Checklist((await CallDefinitions.Of(db, call.Call, application.CallVersion, ct)).Definition, values, await EligibilityDecision.ClarificationsOf(db, application.Id, ct));
    }

    static async Task<string?> WhyNot(ApplicationsDb db, Application application, Checklist checklist, PageContext page, CancellationToken ct)
    {
        if (!checklist.IsComplete) return page.Text<CallDeskPage>("many.incomplete", checklist.Done, checklist.Call.CheckList.Count);
        if (checklist.Values[CheckForm.Outcome] == CheckForm.No) return page.Text<CallDeskPage>("many.outcomeNo");
        var asEligible = checklist with { Values = new Dictionary<string, string>(checklist.Values) { [CheckForm.Outcome] = CheckForm.Yes } };
        if (asEligible.Problems() is [var (field, problem), ..]) return CheckApplication.Sentence(page, asEligible, field, problem);
        return await EligibilityDecision.DocumentsWait(db, application.Id, ct) ? page.Text<CallDeskPage>("check.documentsWaiting") : null;
    }

    static bool Knows(string action, CallNow call) => action == Eligible || action == Ask && Asking.DaysOf(call.Definition) > 0;

    static IResult Page(CallNow call, string action, IReadOnlyList<ManyRow> rows, ManyInput input, DateTimeOffset now, FieldErrors? errors) => Pages.Show<ManyPage>(
        new
        {
            Found = call,
            Action = action,
            Rows = rows,
            Input = input,
            DueAt = action == Ask ? Clarification.DueFor(now, Asking.DaysOf(call.Definition), call.Definition.TimeZone) : now,
            Errors = errors,
        },
        errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
}

/// <summary>One of many applications.</summary>
/// <param name="Application">The application.</param>
/// <param name="Question">Id of the question it would be asked.</param>
/// <param name="Skipped">Why nothing happens to it, or nothing did; null when it does, or did.</param>
public sealed record ManyRow(Application Application, Guid Question, string? Skipped);

/// <summary>What is said once for many.</summary>
/// <param name="Reason">The reason, for those that have none of their own.</param>
/// <param name="Items">Items a question is about.</param>
/// <param name="Question">The question.</param>
public sealed record ManyInput(string Reason, IReadOnlyList<string> Items, string Question);
