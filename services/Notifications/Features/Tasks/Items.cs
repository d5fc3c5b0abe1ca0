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
public sealed record NewItem(string Template, string Audience, Guid Subject, Guid CallId, string Link);

/// <summary>Writing and closing items, whatever the order in which events come.</summary>
public static class Items
{
    /// <summary>Opens a task, unless it is there. One that was done before it was opened is kept as done.</summary>
    public static async Task OpenAsync(this NotificationsDb db, NewItem item, IApplicationEvent because, CancellationToken ct, params object[] arguments)
    {
        if (await db.FindAsync(item, ct) is not null) return;
        var task = Make(ItemKind.Task, item, because.ApplicationId, because.At, arguments);
        if (await db.TaskEnds.FindAsync([item.Template, item.Subject.ToString()], ct) is { } end) task.Close(end.At);
        db.Items.Add(task);
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

    /// <summary>Tells the applicants that the check went well, as soon as both the outcome and the applicants are known.</summary>
    public static async Task TellEligibleAsync(this NotificationsDb db, ApplicationCopy application, CancellationToken ct)
    {
        if (application is not { Eligible: true, CheckedAt: { } at, OrganisationId: { } organisation }) return;
        var notice = new NewItem(
            ItemTemplate.Eligible, Audience.Organisation(organisation), application.Id, application.CallId, $"/applications/{application.Id}");
        if (await db.FindAsync(notice, ct) is null) db.Items.Add(Make(ItemKind.Notice, notice, application.Id, at, []));
    }

    /// <summary>Notes that a person did their part of a task that still waits for others.</summary>
    public static async Task DidPartAsync(this NotificationsDb db, string template, Guid subject, Guid personId, CancellationToken ct)
    {
        if (await db.TaskParts.FindAsync([template, subject.ToString(), personId], ct) is null)
            db.TaskParts.Add(new TaskPart { Template = template, SubjectKey = subject.ToString(), PersonId = personId });
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
            await db.CloseAsync(ItemTemplate.AssignAnother, assignment.Id, at, ct);
        foreach (var assignment in assignments.Where(assignment => assignment.NextEvaluation is { } next && Enough(next)))
            await db.CloseAsync(ItemTemplate.AssignNext, assignment.Id, at, ct);
        return Enough(evaluation);

        bool Enough(int number)
        {
            var wanted = evaluations is not null && number < evaluations.Count ? evaluations[number].Evaluation!.Evaluators : 1;
            return application.Recommended || assignments.Count(assignment => assignment.Evaluation == number && assignment.Works) >= wanted;
        }
    }

    static async Task<InboxItem?> FindAsync(this NotificationsDb db, NewItem item, CancellationToken ct)
    {
        var key = item.Subject.ToString();
        return db.Items.Local.FirstOrDefault(known => known.Template == item.Template && known.SubjectKey == key && known.Audience == item.Audience)
            ?? await db.Items.FirstOrDefaultAsync(known => known.Template == item.Template && known.SubjectKey == key && known.Audience == item.Audience, ct);
    }

    static InboxItem Make(ItemKind kind, NewItem item, Guid? applicationId, DateTimeOffset at, object[] arguments) => new()
    {
        Id = Guid.CreateVersion7(),
        Kind = kind,
        Template = item.Template,
        Audience = item.Audience,
        SubjectKey = item.Subject.ToString(),
        ApplicationId = applicationId,
        CallId = item.CallId,
        Link = item.Link,
        Arguments = Argument.Write(arguments),
        CreatedAt = at,
    };
}
