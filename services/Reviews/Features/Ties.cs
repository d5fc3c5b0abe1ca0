using Grants.Platform.Http;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features;

/// <summary>Who is tied to an application, and who has declared what about the organisations in it. Read anew for every request: any of it may have changed.</summary>
/// <param name="Parties">The applicant and its partners.</param>
/// <param name="Country">Country of the applicant; null while its organisation has not arrived.</param>
/// <param name="Known">False until every registered organisation in it has arrived: nobody can be told to be independent of one that is not known, so nobody acts.</param>
/// <param name="Members">Everybody who acts for one of them or once did. Nobody can dismiss that.</param>
/// <param name="Conflicted">Who declared a conflict with one of them that the chair has not dismissed.</param>
/// <param name="Left">Who left a review of it with a conflict.</param>
/// <param name="Declared">Who has declared about all of them.</param>
/// <param name="Recused">Who was recused from this application.</param>
public sealed record Ties(
    IReadOnlyList<Party> Parties, string? Country, bool Known, IReadOnlySet<Guid> Members, IReadOnlySet<Guid> Conflicted, IReadOnlySet<Guid> Left,
    IReadOnlySet<Guid> Declared, IReadOnlySet<Guid> Recused)
{
    /// <summary>Who must declare before seeing anything but names.</summary>
    public static readonly string[] Declaring = [Role.Evaluator, Role.CommitteeMember, Role.Chair];

    /// <summary>Who is kept out, and whose scores never count.</summary>
    public IReadOnlySet<Guid> KeptOut { get; } = Members.Concat(Conflicted).Concat(Left).Concat(Recused).ToHashSet();

    /// <summary>Whether the caller must declare before acting in one of the roles: each of those held here is one of those who declare.</summary>
    public bool MustDeclare(Caller caller, Place place, params string[] roles) =>
        !Declared.Contains(caller.PersonId) && !caller.Holds(place, [.. roles.Except(Declaring)]);

    /// <summary>The ties of several cases, by application.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Ties>> OfAsync(ReviewsDb db, IReadOnlyCollection<ReviewCase> cases, CancellationToken ct)
    {
        var ids = cases.Select(one => one.ApplicationId).ToList();
        var partners = (await db.CasePartners.AsNoTracking().Where(partner => ids.Contains(partner.ApplicationId)).OrderBy(partner => partner.Number).ToListAsync(ct))
            .ToLookup(partner => partner.ApplicationId);
        var organisationIds = cases.Select(one => one.OrganisationId).Concat(partners.SelectMany(group => group).Select(partner => partner.OrganisationId).OfType<Guid>()).Distinct().ToList();
        var organisations = await db.Organisations.AsNoTracking().Include(organisation => organisation.Members)
            .Where(organisation => organisationIds.Contains(organisation.Id)).ToDictionaryAsync(organisation => organisation.Id, ct);
        var calls = cases.Select(one => one.CallId).Distinct().ToList();
        var partyIds = cases.Select(one => one.OrganisationId).Concat(partners.SelectMany(group => group).Select(partner => Party.Of(partner).Id)).Distinct().ToList();
        var declarations = (await db.ConflictDeclarations.AsNoTracking().Where(declaration => calls.Contains(declaration.CallId) && partyIds.Contains(declaration.PartyId)).ToListAsync(ct))
            .ToLookup(declaration => (declaration.CallId, declaration.PartyId));
        var left = (await db.Assignments.AsNoTracking().Where(assignment => ids.Contains(assignment.ApplicationId) && assignment.State == AssignmentState.Conflicted)
            .Select(assignment => new { assignment.ApplicationId, assignment.EvaluatorId }).ToListAsync(ct)).ToLookup(one => one.ApplicationId, one => one.EvaluatorId);
        var recused = (await db.Set<Recusal>().AsNoTracking().Where(recusal => ids.Contains(recusal.ApplicationId)).ToListAsync(ct))
            .ToLookup(recusal => recusal.ApplicationId, recusal => recusal.PersonId);

        return cases.ToDictionary(one => one.ApplicationId, one =>
        {
            var country = organisations.GetValueOrDefault(one.OrganisationId)?.Country;
            IReadOnlyList<Party> parties = [Party.Of(one, country), .. partners[one.ApplicationId].Select(Party.Of)];
            var here = partners[one.ApplicationId].Select(partner => partner.OrganisationId).OfType<Guid>().Prepend(one.OrganisationId).ToList();
            var declared = parties.Select(party => party.Id).Distinct().Select(party => declarations[(one.CallId, party)].ToList()).ToList();
            return new Ties(
                parties, country, here.TrueForAll(organisations.ContainsKey),
                here.SelectMany(id => organisations.GetValueOrDefault(id)?.Members ?? []).Select(member => member.PersonId).ToHashSet(),
                declared.SelectMany(about => about).Where(declaration => declaration.KeepsOut).Select(declaration => declaration.PersonId).ToHashSet(),
                left[one.ApplicationId].ToHashSet(),
                declared.Select(about => about.Select(declaration => declaration.PersonId)).Aggregate((known, more) => known.Intersect(more)).ToHashSet(),
                recused[one.ApplicationId].ToHashSet());
        });
    }
}
