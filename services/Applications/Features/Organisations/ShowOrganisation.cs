using Grants.Applications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Organisations;

/// <summary>An organisation and the people who act for it; its members see it and nobody else.</summary>
public static class ShowOrganisation
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/organisations/{organisationId:guid}", Show).SignedIn("member of the organisation");
        routes.MapPost("/organisations/{organisationId:guid}/members", Add).SignedIn("member of the organisation who may commit it");
        routes.MapPost("/organisations/{organisationId:guid}/members/{personId:guid}/removal", Remove).SignedIn("member of the organisation who may commit it");
    }

    static async Task<IResult> Show(Guid organisationId, Caller caller, ApplicationsDb db, CancellationToken ct) =>
        await Page(organisationId, caller, db, "", null, ct) ?? Pages.NotFound();

    static async Task<IResult> Add(Guid organisationId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Committed(organisationId, caller, db, ct) is not { } organisation) return Pages.NotFound();
        var typed = form["email"];
        var email = Person.Normal(typed);
        var person = typed.Length == 0 ? null : await db.People.SingleOrDefaultAsync(found => found.Email == email && found.Active, ct);
        if (person is null)
        {
            var sentence = page.Text<ShowOrganisationPage>(typed.Length == 0 ? "members.email.empty" : "members.email.unknown");
            return (await Page(organisationId, caller, db, typed, new FieldErrors().Add("email", sentence), ct))!;
        }

        var now = clock.Now;
        organisation.Add(person.Id, form["commit"] == "yes" || (organisation.MayCommit(person.Id) && person.Id == caller.PersonId), caller.PersonId, now);
        db.Audit(now, caller.PersonId, "organisation.member-added", organisationId, person.Id.ToString());
        db.PublishChanged(organisation, now);
        return await Save(db, organisationId, ct);
    }

    static async Task<IResult> Remove(Guid organisationId, Guid personId, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Committed(organisationId, caller, db, ct) is not { } organisation) return Pages.NotFound();
        if (!organisation.HasMember(personId)) return Results.LocalRedirect($"/organisations/{organisationId}");
        if (!organisation.TryRemove(personId))
            return (await Page(organisationId, caller, db, "", new FieldErrors().Add("", page.Text<ShowOrganisationPage>("members.last")), ct))!;
        var now = clock.Now;
        db.Audit(now, caller.PersonId, "organisation.member-removed", organisationId, personId.ToString());
        db.PublishChanged(organisation, now);
        return await Save(db, organisationId, ct, personId == caller.PersonId ? "/applications" : null);
    }

    /// <summary>Two members change the list at once: the second sees the list as it is now and decides again.</summary>
    static async Task<IResult> Save(ApplicationsDb db, Guid organisationId, CancellationToken ct, string? to = null)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Results.LocalRedirect($"/organisations/{organisationId}?changed=1");
        }

        return Results.LocalRedirect(to ?? $"/organisations/{organisationId}");
    }

    static async Task<Organisation?> Committed(Guid id, Caller caller, ApplicationsDb db, CancellationToken ct)
    {
        var organisation = await db.Organisations.Include(found => found.Members).SingleOrDefaultAsync(found => found.Id == id, ct);
        return organisation?.MayCommit(caller.PersonId) == true ? organisation : null;
    }

    static async Task<IResult?> Page(Guid id, Caller caller, ApplicationsDb db, string email, FieldErrors? errors, CancellationToken ct)
    {
        var organisation = await db.Organisations.AsNoTracking().Include(found => found.Members).SingleOrDefaultAsync(found => found.Id == id, ct);
        if (organisation is null || !organisation.HasMember(caller.PersonId)) return null;
        var ids = organisation.Members.Select(member => member.PersonId).ToList();
        var people = await db.People.AsNoTracking().Where(person => ids.Contains(person.Id)).ToDictionaryAsync(person => person.Id, ct);
        var members = organisation.Members.OrderBy(member => member.AddedAt).Select(member => new MemberRow(
            member.PersonId, people.GetValueOrDefault(member.PersonId)?.Name ?? (member.PersonId == caller.PersonId ? caller.Name : ""),
            people.GetValueOrDefault(member.PersonId)?.Email ?? "", member.MayCommit)).ToList();
        return Pages.Show<ShowOrganisationPage>(
            new { Organisation = organisation, Members = members, MayCommit = organisation.MayCommit(caller.PersonId), Email = email, Errors = errors },
            errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

/// <summary>A member as the page shows them.</summary>
/// <param name="PersonId">The person.</param>
/// <param name="Name">Their name; empty when Accounts has not told it yet.</param>
/// <param name="Email">Their address.</param>
/// <param name="MayCommit">Whether they may submit and sign.</param>
public sealed record MemberRow(Guid PersonId, string Name, string Email, bool MayCommit);
