using System.Globalization;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Grants.Reviews.Features.Conflicts;

namespace Grants.Reviews.Features.Committee;

/// <summary>The chair records a meeting: the day, who was present, the minutes. Recommendations of calls with a quorum build on it.</summary>
public static class RecordMeeting
{
    const int LongestMinutes = 20_000;

    const string Path = "/ranking/{callId:guid}/committee/meeting";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).ForRoles("call in scope", Role.Chair);
        routes.MapPost(Path, Handle).ForRoles("call in scope", Role.Chair);
    }

    static async Task<IResult> Show(Guid callId, Caller caller, ReviewsDb db, CancellationToken ct) =>
        await CommitteeView.LoadAsync(db, callId, caller, ct) is not { } view || !view.IsChair(caller) ? Pages.NotFound()
            : view.Ranking.Undeclared ? DeclareConflicts.First(callId, $"/ranking/{callId}/committee/meeting")
            : Pages.Show<MeetingPage>(new { View = view });

    static async Task<IResult> Handle(Guid callId, Caller caller, ReviewsDb db, AppTime clock, PageContext page, PostedForm form, CancellationToken ct)
    {
        if (await CommitteeView.LoadAsync(db, callId, caller, ct) is not { } view || !view.IsChair(caller)) return Pages.NotFound();
        if (view.Ranking.Undeclared) return DeclareConflicts.First(callId, $"/ranking/{callId}/committee/meeting");
        var (held, minutes, ticked) = (form["held"], form["minutes"], form.All("present"));
        var present = view.Members.Where(member => ticked.Contains(member.PersonId.ToString())).ToList();
        var errors = new FieldErrors();
        var today = DateOnly.FromDateTime(Dates.In(clock.Now, view.Call.TimeZone));
        if (!DateOnly.TryParseExact(held, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) errors.Add("held", page.Text<MeetingPage>("meeting.error.held"));
        else if (day > today) errors.Add("held", page.Text<MeetingPage>("meeting.error.future"));
        if (present.Count == 0 || present.Count < view.Ranking.Stage.Quorum) errors.Add("present", page.Text<MeetingPage>("meeting.error.quorum", Math.Max(1, view.Ranking.Stage.Quorum), present.Count));
        if (minutes.Length == 0) errors.Add("minutes", page.Text<MeetingPage>("meeting.error.minutes"));
        if (minutes.Length > LongestMinutes) errors.Add("minutes", page.Text<MeetingPage>("meeting.error.long", LongestMinutes));
        if (!errors.None)
        {
            return Pages.Show<MeetingPage>(
                new { View = view, Held = form.Raw("held"), Present = ticked, Minutes = form.Raw("minutes"), Problems = errors }, StatusCodes.Status422UnprocessableEntity);
        }

        // The second click of a double click brings the same meeting.
        var done = Results.Redirect($"/ranking/{callId}/committee");
        var people = present.Select(member => member.PersonId).ToHashSet();
        if (view.Meetings.Any(before => before.HeldOn == day && before.Minutes == minutes && people.SetEquals(before.Present.Select(member => member.PersonId)))) return done;

        var meeting = new CommitteeMeeting { Id = Guid.CreateVersion7(), CallId = callId, HeldOn = day, Minutes = minutes, RecordedBy = caller.PersonId, RecordedAt = clock.Now };
        meeting.Present.AddRange(present.Select(member => new MeetingMember { MeetingId = meeting.Id, PersonId = member.PersonId }));
        db.Add(meeting);
        db.Audit(clock.Now, caller.PersonId, "committee.met", meeting.Id);
        await db.SaveChangesAsync(ct);
        return done;
    }
}
