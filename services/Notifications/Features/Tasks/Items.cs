using Grants.Contracts;
using Grants.Notifications.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Features.Tasks;

/// <summary>An item to be written: what it says, to whom, about what.</summary>
/// <param name="Template">A key of <see cref="ItemTemplate"/>.</param>
/// <param name="Audience">One of <see cref="Domain.Audience"/>.</param>
/// <param name="Subject">The thing it is about; the same again is the same item.</param>
/// <param name="CallId">The call it belongs to.</param>
/// <param name="Link">Where it is done or read.</param>
/// <param name="Time">Which time it happens to the same thing, where it may happen again: what is told of a later one is another item.</param>
public sealed record NewItem(string Template, string Audience, Guid Subject, Guid CallId, string Link, long? Time = null)
{
    public string Key => Time is { } time ? $"{Subject}:{time}" : Subject.ToString();
}

/// <summary>Writing and closing items, whatever the order in which events come.</summary>
public static class Items
{
    /// <summary>Opens a task, unless it is there. One that was done before it was opened is kept as done, and so is one about an application that was withdrawn.</summary>
    public static async Task<InboxItem> OpenAsync(this NotificationsDb db, NewItem item, IApplicationEvent because, CancellationToken ct, params object[] arguments)
    {
        if (await db.FindAsync(item, ct) is { } known) return known;
        var task = Make(ItemKind.Task, item, because.ApplicationId, because.At, arguments);
        if (await db.TaskEnds.FindAsync([item.Template, item.Key], ct) is { } end) task.Close(end.At);
        if ((await db.ApplicationAsync(because, item.CallId, ct)).WithdrawnAt is { } withdrawn) task.Close(withdrawn);
        db.Items.Add(task);
        return task;
    }

    /// <summary>Closes a task for everybody, now or as soon as it is opened.</summary>
    public static async Task CloseAsync(this NotificationsDb db, string template, Guid subject, DateTimeOffset at, CancellationToken ct)
    {
        var key = subject.ToString();
        if (await db.TaskEnds.FindAsync([template, key], ct) is null) db.TaskEnds.Add(new TaskEnd { Template = template, SubjectKey = key, At = at });
        await db.Items.Where(item => item.Template == template && item.SubjectKey == key).LoadAsync(ct);
        foreach (var item in db.Items.Local.Where(item => item.Template == template && item.SubjectKey == key).ToList()) item.Close(at);
    }

    /// <summary>Writes a notice, unless it is there.</summary>
    public static async Task TellAsync(this NotificationsDb db, NewItem item, IApplicationEvent because, CancellationToken ct, params object[] arguments)
    {
        if (await db.FindAsync(item, ct) is null) db.Items.Add(Make(ItemKind.Notice, item, because.ApplicationId, because.At, arguments));
    }

    /// <summary>Closes what is open of some kinds about an application: all kinds if none is named.</summary>
    public static async Task CloseAllAsync(this NotificationsDb db, Guid applicationId, DateTimeOffset at, CancellationToken ct, params string[] templates)
    {
        await db.Items.Where(item => item.ApplicationId == applicationId && item.Kind == ItemKind.Task && item.DoneAt == null).LoadAsync(ct);
        foreach (var item in db.Items.Local.Where(item => item.ApplicationId == applicationId && (templates.Length == 0 || templates.Contains(item.Template))).ToList())
            item.Close(at);
    }

    /// <summary>Tells the applicants that the check went well, as soon as both the outcome and the applicants are known.</summary>
    public static async Task TellEligibleAsync(this NotificationsDb db, ApplicationCopy application, CancellationToken ct)
    {
        if (application is not { Eligible: true, CheckedAt: { } at, OrganisationId: { } organisation, WithdrawnAt: null }) return;
        var notice = new NewItem(
            ItemTemplate.Eligible, Audience.Organisation(organisation), application.Id, application.CallId, $"/applications/{application.Id}");
        if (await db.FindAsync(notice, ct) is null) db.Items.Add(Make(ItemKind.Notice, notice, application.Id, at, []));
    }

    /// <summary>Notes that a person did their part of a task that still waits for others.</summary>
    public static async Task DidPartAsync(this NotificationsDb db, string template, string subjectKey, Guid personId, CancellationToken ct)
    {
        if (await db.TaskParts.FindAsync([template, subjectKey, personId], ct) is null)
            db.TaskParts.Add(new TaskPart { Template = template, SubjectKey = subjectKey, PersonId = personId });
    }

    /// <summary>What is known of the event's application: found or begun, and marked as looked at.</summary>
    public static async Task<ApplicationCopy> ApplicationAsync(this NotificationsDb db, IApplicationEvent about, Guid callId, CancellationToken ct)
    {
        var application = await db.Applications.FindAsync([about.ApplicationId], ct);
        if (application is null) db.Applications.Add(application = new ApplicationCopy { Id = about.ApplicationId, CallId = callId });
        application.Touch();
        return application;
    }

    /// <summary>
    /// One task for the chair a call, however many applications it has: it waits while the call is closed and an eligible application has no recommendation.
    /// </summary>
    public static async Task RefreshCommitteeTaskAsync(this NotificationsDb db, Guid callId, DateTimeOffset at, CancellationToken ct)
    {
        await db.Applications.Where(application => application.CallId == callId).LoadAsync(ct);
        var waiting = await db.ClosedCalls.FindAsync([callId], ct) is not null
            && db.Applications.Local.Any(application => application.CallId == callId && application.WaitsForCommittee);
        var wanted = new NewItem(ItemTemplate.Recommend, Audience.Role(Platform.Http.Role.Chair), callId, callId, $"/ranking/{callId}");
        var task = await db.FindAsync(wanted, ct);
        if (task is null) db.Items.Add(task = Make(ItemKind.Task, wanted, null, at, []));
        task.SetWaiting(waiting, at);
    }

    /// <summary>Closes what asks officers for an evaluator once enough are assigned in that evaluation, or once it no longer matters.</summary>
    /// <returns>Whether enough are assigned in <paramref name="evaluation"/>.</returns>
    public static async Task<bool> RefreshAssignTasksAsync(
        this NotificationsDb db, ApplicationCopy application, DateTimeOffset at, CancellationToken ct, int evaluation = 0)
    {
        await db.Assignments.Where(assignment => assignment.ApplicationId == application.Id).LoadAsync(ct);
        var assignments = db.Assignments.Local.Where(assignment => assignment.ApplicationId == application.Id).ToList();
        var call = await db.Calls.Where(version => version.CallId == application.CallId).OrderByDescending(version => version.Version).FirstOrDefaultAsync(ct);
        var evaluations = call?.Read().Evaluations;
        if (Enough(0)) await db.CloseAsync(ItemTemplate.Assign, application.Id, at, ct);
        foreach (var assignment in assignments.Where(assignment => assignment.ConflictVersion is not null && Enough(assignment.Evaluation)))
            await db.CloseAsync(assignment.Declined ? ItemTemplate.AssignDeclined : ItemTemplate.AssignAnother, assignment.Id, at, ct);
        foreach (var assignment in assignments.Where(assignment => assignment.ThirdNeeded && Enough(assignment.Evaluation)))
            await db.CloseAsync(ItemTemplate.AssignThird, assignment.Id, at, ct);
        foreach (var assignment in assignments.Where(assignment => assignment.NextEvaluation is { } next && Enough(next)))
            await db.CloseAsync(ItemTemplate.AssignNext, assignment.Id, at, ct);
        return Enough(evaluation);

        bool Enough(int number)
        {
            var wanted = evaluations is not null && number < evaluations.Count ? evaluations[number].Evaluation!.Evaluators : 1;
            if (assignments.Any(assignment => assignment.ThirdNeeded && assignment.Evaluation == number)) wanted++;
            return application.Recommended || application.WithdrawnAt is not null || assignments.Count(assignment => assignment.Evaluation == number && assignment.Works) >= wanted;
        }
    }

    /// <summary>
    /// The tasks of an instalment: it is to be paid once enough people have approved, and to be approved again once a payment came back. Its events may come in any order.
    /// </summary>
    public static async Task RefreshPaymentTasksAsync(
        this NotificationsDb db, Guid instalmentId, Guid callId, IApplicationEvent because, Action<InstalmentCopy> learn, CancellationToken ct)
    {
        var instalment = await db.Instalments.FindAsync([instalmentId], ct);
        if (instalment is null) db.Instalments.Add(instalment = new InstalmentCopy { Id = instalmentId });
        learn(instalment);
        instalment.Touch();
        await SetAsync(new NewItem(ItemTemplate.Pay, Audience.Role(Platform.Http.Role.FinanceOfficer), instalmentId, callId, $"/payments/{instalmentId}"), instalment.IsToBePaid);
        // One for each time that it came back: who approved the time before is asked again.
        var again = new NewItem(
            ItemTemplate.ApproveAgain, Audience.Role(Platform.Http.Role.FinanceOfficer), instalmentId, callId, $"/payments/{instalmentId}", instalment.FailedVersion);
        await db.Items.Where(item => item.Template == ItemTemplate.ApproveAgain && item.ApplicationId == because.ApplicationId && item.DoneAt == null).LoadAsync(ct);
        foreach (var older in db.Items.Local.Where(item => item.Template == again.Template && item.SubjectKey != again.Key && item.Link == again.Link).ToList()) older.Close(because.At);
        if (instalment.FailedVersion > 0) await SetAsync(again, instalment.IsToBeApprovedAgain);

        async Task SetAsync(NewItem wanted, bool waiting)
        {
            var task = await db.FindAsync(wanted, ct);
            if (task is null && !waiting) return;
            if (task is null) db.Items.Add(task = Make(ItemKind.Task, wanted, because.ApplicationId, because.At, []));
            task.SetWaiting(waiting, because.At);
        }
    }

    static async Task<InboxItem?> FindAsync(this NotificationsDb db, NewItem item, CancellationToken ct)
    {
        var key = item.Key;
        return db.Items.Local.FirstOrDefault(known => known.Template == item.Template && known.SubjectKey == key && known.Audience == item.Audience)
            ?? await db.Items.FirstOrDefaultAsync(known => known.Template == item.Template && known.SubjectKey == key && known.Audience == item.Audience, ct);
    }

    static InboxItem Make(ItemKind kind, NewItem item, Guid? applicationId, DateTimeOffset at, object[] arguments) => new()
    {
        Id = Guid.CreateVersion7(),
        Kind = kind,
        Template = item.Template,
        Audience = item.Audience,
        SubjectKey = item.Key,
        ApplicationId = applicationId,
        CallId = item.CallId,
        Link = item.Link,
        Arguments = Argument.Write(arguments),
        CreatedAt = at,
        MailsDueAt = ItemTemplate.Mailed.Contains(item.Template) && Audience.RoleOf(item.Audience) is null ? at : null,
    };
}
