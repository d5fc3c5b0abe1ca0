using Grants.Contracts.Calls;
using Grants.Platform.Http;
using Grants.Reviews.Domain;
using Grants.Reviews.Features.Ranking;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Committee;

/// <summary>The committee of a call as one reader sees it.</summary>
/// <param name="Ranking">The ranking list without the applications that the reader is kept out of.</param>
/// <param name="Meetings">Meetings, the newest first.</param>
/// <param name="Recusals">Recusals from applications that the reader sees, and the reader's own.</param>
/// <param name="Members">Who sits in the committee, by name.</param>
/// <param name="Names">Names of everybody mentioned.</param>
public sealed record CommitteeView(
    RankingView Ranking, IReadOnlyList<CommitteeMeeting> Meetings, IReadOnlyList<Recusal> Recusals, IReadOnlyList<CommitteeView.Member> Members, IReadOnlyDictionary<Guid, string> Names)
{
    /// <summary>Somebody who sits in the committee, or scored an application of the call.</summary>
    public sealed record Member(Guid PersonId, string Name);

    /// <summary>Evaluators of the call's applications, who can be recused, too.</summary>
    public IReadOnlyList<Member> Evaluators { get; init; } = [];

    /// <summary>The call.</summary>
    public CallDefinition Call => Ranking.Definition;

    /// <summary>Minutes tell of all applications: who is kept out of one does not read them.</summary>
    public bool MayReadMinutes => Ranking.Recused.Count == 0;

    /// <summary>The newest meeting at which enough members counted for every application of the list; null when there was none.</summary>
    public CommitteeMeeting? QuorateMeeting =>
        Meetings.FirstOrDefault(meeting => Ranking.Rows.All(row => row.IsDecided || meeting.CountFor(row.KeptOut) >= Ranking.Stage.Quorum));

    /// <summary>Whether the caller leads the committee of the call, for all of its countries or for one.</summary>
    public bool IsChair(Caller caller) => Call.Countries.Any(country => caller.Holds(new Place(Ranking.Call.Programme, Ranking.Call.Id, country), Role.Chair));

    /// <summary>Whether the caller sits in the committee of the call.</summary>
    public bool IsMember(Caller caller) =>
        Call.Countries.Any(country => caller.Holds(new Place(Ranking.Call.Programme, Ranking.Call.Id, country), Role.Chair, Role.CommitteeMember));

    /// <summary>The committee, or null when the reader may not see the call's ranking.</summary>
    public static async Task<CommitteeView?> LoadAsync(ReviewsDb db, Guid callId, Caller caller, CancellationToken ct)
    {
        if (await RankingView.LoadAsync(db, callId, caller, ct) is not { } ranking) return null;
        var meetings = await db.Set<CommitteeMeeting>().AsNoTracking().Include(meeting => meeting.Present).Where(meeting => meeting.CallId == callId)
            .OrderByDescending(meeting => meeting.RecordedAt).ToListAsync(ct);
        var visible = ranking.Rows.Select(row => row.Case.ApplicationId).ToHashSet();
        var recusals = (await db.Set<Recusal>().AsNoTracking().Where(recusal => recusal.CallId == callId).OrderBy(recusal => recusal.RecordedAt).ToListAsync(ct))
            .Where(recusal => visible.Contains(recusal.ApplicationId) || recusal.PersonId == caller.PersonId).ToList();
        var grants = await db.Set<CommitteeGrant>().AsNoTracking().Where(grant => !grant.Revoked).ToListAsync(ct);
        var seats = grants.Where(grant => ranking.Definition.Countries.Any(country => new Place(ranking.Call.Programme, callId, country).IsIn(grant.Scope)))
            .Select(grant => grant.PersonId).ToHashSet();
        var evaluators = await db.Assignments.AsNoTracking().Where(one => visible.Contains(one.ApplicationId)).Select(one => one.EvaluatorId).Distinct().ToListAsync(ct);
        var mentioned = seats.Concat(evaluators).Concat(meetings.SelectMany(meeting => meeting.Present.Select(member => member.PersonId).Append(meeting.RecordedBy)))
            .Concat(recusals.SelectMany(recusal => new[] { recusal.PersonId, recusal.RecordedBy })).ToHashSet();
        var people = await db.People.AsNoTracking().Where(person => mentioned.Contains(person.Id)).ToDictionaryAsync(person => person.Id, ct);
        return new CommitteeView(ranking, meetings, recusals, Of(seats), people.ToDictionary(pair => pair.Key, pair => pair.Value.Name)) { Evaluators = Of(evaluators) };

        // Somebody whose name has not arrived cannot be chosen: the chair would not know whom.
        List<Member> Of(IEnumerable<Guid> ids) => [.. ids.Where(id => people.TryGetValue(id, out var person) && person.Active).Select(id => new Member(id, people[id].Name)).OrderBy(one => one.Name, StringComparer.Ordinal)];
    }
}
