using System.Text.RegularExpressions;
using Grants.Applications.Domain;
using Grants.Applications.Features.Organisations;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Apply.Partners;

/// <summary>Organisations that take part in an application: registered ones, which confirm it themselves, and others by their name.</summary>
public static partial class EditPartners
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/applications/{applicationId:guid}/partners", Show).SignedIn("member of the organisation");
        routes.MapPost("/applications/{applicationId:guid}/partners/registered", AddRegistered).SignedIn("member of the organisation");
        routes.MapPost("/applications/{applicationId:guid}/partners/named", AddNamed).SignedIn("member of the organisation");
        routes.MapPost("/applications/{applicationId:guid}/partners/{partnerId:guid}/removal", Remove).SignedIn("member of the organisation");
    }

    static async Task<Draft?> Of(ApplicationsDb db, Guid applicationId, Caller caller, CancellationToken ct) =>
        await Drafts.Of(db, applicationId, caller, ct) is { Definition.Applicants.MaxPartners: > 0 } draft ? draft : null;

    static async Task<IResult> Show(Guid applicationId, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        if (await Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        return draft.Application.IsBeingWritten ? Page(draft, clock.Now, new PartnerInput(), null) : Results.LocalRedirect($"/applications/{applicationId}");
    }

    static async Task<IResult> AddRegistered(Guid applicationId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        var input = PartnerInput.From(form);
        if (input.Organisation.Length == 0) return Refuse("registered.empty");
        var found = await FindAsync(db, input.Organisation, ct);
        if (found is null) return Refuse("registered.unknown");
        if (found.Id == draft.Organisation.Id) return Refuse("registered.self");
        if (draft.Partners.Any(partner => partner.OrganisationId == found.Id)) return Results.LocalRedirect($"/applications/{applicationId}/partners");
        return await Add(db, draft, caller, clock.Now, new Partner
        {
            ApplicationId = draft.RowsId, Id = input.Id, OrganisationId = found.Id, Name = found.Name, RegistrationNumber = found.RegistrationNumber, Country = found.Country, Town = found.Town,
            State = PartnerState.Asked, AddedAt = clock.Now, AddedBy = caller.PersonId,
        }, ct);

        IResult Refuse(string key) => Page(draft, clock.Now, input, new FieldErrors().Add("organisation", page.Text<EditPartnersPage>(key)));
    }

    static async Task<IResult> AddNamed(Guid applicationId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        var input = PartnerInput.From(form);
        var errors = new FieldErrors();
        foreach (var (field, value) in new[] { ("name", input.Name), ("town", input.Town) })
        {
            var (characters, limit) = (DraftForm.Characters(value), RegisterOrganisation.Limits[field]);
            if (characters == 0) errors.Add(field, page.Text<EditPartnersPage>($"{field}.empty"));
            else if (characters > limit) errors.Add(field, page.Text<EditPartnersPage>("tooLong", characters, limit));
        }

        if (!Countries.All.Contains(input.Country)) errors.Add("country", page.Text<EditPartnersPage>("country.empty"));
        if (!errors.None) return Page(draft, clock.Now, input, errors);
        return await Add(db, draft, caller, clock.Now, new Partner
        {
            ApplicationId = draft.RowsId, Id = input.Id, Name = input.Name, Country = input.Country, Town = input.Town, State = PartnerState.Named, AddedAt = clock.Now, AddedBy = caller.PersonId,
        }, ct);
    }

    static async Task<IResult> Add(ApplicationsDb db, Draft draft, Caller caller, DateTimeOffset now, Partner partner, CancellationToken ct)
    {
        var id = draft.Application.Id;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await Drafts.Touch(db, draft, now, ct)) return Results.LocalRedirect($"/applications/{id}");
        db.Add(partner);
        db.Audit(now, caller.PersonId, "application.partner-added", id, partner.OrganisationId?.ToString());
        try
        {
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // The second of two clicks, or a colleague who added the same one.
        }

        return Results.LocalRedirect($"/applications/{id}/partners");
    }

    static async Task<IResult> Remove(Guid applicationId, Guid partnerId, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await Drafts.Touch(db, draft, clock.Now, ct)) return Results.LocalRedirect($"/applications/{applicationId}");
        var partner = await db.Partners.SingleOrDefaultAsync(found => found.ApplicationId == draft.RowsId && found.Id == partnerId, ct);
        if (partner is null) return Results.LocalRedirect($"/applications/{applicationId}/partners");
        // Its rows would stand in the budget and be spent by nobody.
        if (await db.BudgetRows.CountAsync(row => row.ApplicationId == draft.RowsId && row.PartnerId == partnerId, ct) is > 0 and var rows)
            return Page(draft, clock.Now, new PartnerInput(), new FieldErrors().Add("", page.Text<EditPartnersPage>("remove.hasRows", partner.Name, rows)));
        db.Remove(partner);
        db.Audit(clock.Now, caller.PersonId, "application.partner-removed", applicationId, partner.OrganisationId?.ToString());
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/applications/{applicationId}/partners");
    }

    /// <summary>By the address of the organisation's page, or by its number when only one has it.</summary>
    static async Task<Organisation?> FindAsync(ApplicationsDb db, string typed, CancellationToken ct)
    {
        if (Id().Match(typed) is { Success: true } match && Guid.TryParse(match.Value, out var id)) return await db.Organisations.AsNoTracking().SingleOrDefaultAsync(found => found.Id == id, ct);
        var number = OrganisationNumbers.Normal(typed);
        if (number.Length == 0) return null;
        return await db.Organisations.AsNoTracking().Where(found => found.NumberNormal == number).Take(2).ToListAsync(ct) is [var only] ? only : null;
    }

    static IResult Page(Draft draft, DateTimeOffset now, PartnerInput input, FieldErrors? errors) => Pages.Show<EditPartnersPage>(
        new { Draft = draft, Now = now, Input = input, Errors = errors }, errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    [GeneratedRegex("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")]
    private static partial Regex Id();
}

/// <summary>A partner as typed.</summary>
/// <param name="Organisation">Address or number of a registered one.</param>
/// <param name="Name">Name of another.</param>
/// <param name="Country">Its country.</param>
/// <param name="Town">Its town.</param>
public sealed record PartnerInput(string Organisation = "", string Name = "", string Country = "", string Town = "")
{
    /// <summary>Id it gets; it comes with the form, so that a second click adds nothing.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Reads it from the form.</summary>
    public static PartnerInput From(PostedForm form) => new(form["organisation"], form["name"], form["country"], form["town"])
    {
        Id = Guid.TryParse(form["id"], out var given) && given.Version == 7 ? given : Guid.CreateVersion7(),
    };
}
