using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Contracts.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Apply.Partners;

/// <summary>An organisation says whether it takes part in the application of another.</summary>
public static class AnswerPartnership
{
    /// <summary>Longest reason.</summary>
    public const int ReasonCharacters = 1000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        const string Path = "/organisations/{organisationId:guid}/partnerships/{applicationId:guid}/{partnerId:guid}";
        routes.MapGet(Path, Show).SignedIn("member of the organisation that was asked");
        routes.MapPost(Path, Answer).SignedIn("member of the organisation that was asked who may commit it");
    }

    static async Task<IResult> Show(Guid organisationId, Guid applicationId, Guid partnerId, Caller caller, ApplicationsDb db, CancellationToken ct) =>
        await Of(db, organisationId, applicationId, partnerId, caller, ct) is { } asked ? Page(asked, caller, "", "", null) : Pages.NotFound();

    static async Task<IResult> Answer(
        Guid organisationId, Guid applicationId, Guid partnerId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Of(db, organisationId, applicationId, partnerId, caller, ct) is not { } asked || !asked.Organisation.MayCommit(caller.PersonId)) return Pages.NotFound();
        // Submitted meanwhile: what the partner said until then was sealed.
        if (!asked.Application.IsBeingWritten) return Results.LocalRedirect(asked.Path);
        var (answer, reason, now) = (form["answer"], form["reason"], clock.Now);
        var errors = new FieldErrors();
        if (answer is not ("yes" or "no")) errors.Add("answer", page.Text<AnswerPartnershipPage>("answer.missing"));
        if (DraftForm.Characters(reason) is var characters && characters > ReasonCharacters) errors.Add("reason", page.Text<AnswerPartnershipPage>("tooLong", characters, ReasonCharacters));
        if (!errors.None) return Page(asked, caller, answer, reason, errors);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (state, copy) = (asked.Application.State, asked.Application.CopyId);
        // Whoever submits just now looks again: what is sealed is what was answered.
        var isOpen = await db.Applications.Where(found => found.Id == applicationId && found.State == state && found.CopyId == copy)
            .ExecuteUpdateAsync(set => set.SetProperty(found => found.DraftRevision, found => found.DraftRevision + 1), ct) == 1;
        if (isOpen && await db.Partners.SingleOrDefaultAsync(found => found.ApplicationId == asked.Partner.ApplicationId && found.Id == partnerId, ct) is { } partner)
        {
            partner.State = answer == "yes" ? PartnerState.Confirmed : PartnerState.Declined;
            partner.Reason = answer == "yes" ? "" : reason;
            partner.AnsweredBy = caller.PersonId;
            partner.AnsweredByName = caller.Name;
            partner.AnsweredAt = now;
            db.Audit(now, caller.PersonId, answer == "yes" ? "partner.confirmed" : "partner.declined", applicationId, partner.Reason.Length == 0 ? null : partner.Reason);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }

        return Results.LocalRedirect(asked.Path);
    }

    static async Task<Asked?> Of(ApplicationsDb db, Guid organisationId, Guid applicationId, Guid partnerId, Caller caller, CancellationToken ct)
    {
        var organisation = await db.Organisations.AsNoTracking().Include(found => found.Members).SingleOrDefaultAsync(found => found.Id == organisationId, ct);
        if (organisation is null || !organisation.HasMember(caller.PersonId)) return null;
        if (await db.Applications.AsNoTracking().SingleOrDefaultAsync(found => found.Id == applicationId, ct) is not { } application) return null;
        var partner = await db.Partners.AsNoTracking().SingleOrDefaultAsync(found => found.ApplicationId == application.RowsId && found.Id == partnerId && found.OrganisationId == organisationId, ct);
        if (partner is null || await CallDefinitions.Newest(db, application.CallId, ct) is not { } call) return null;
        var fields = await db.DraftFields.AsNoTracking().Where(field => field.ApplicationId == application.RowsId && field.Field == DraftForm.Title).ToListAsync(ct);
        var rows = await db.BudgetRows.AsNoTracking().Where(row => row.ApplicationId == application.RowsId && row.PartnerId == partnerId).ToListAsync(ct);
        return new Asked(organisation, application, partner, call.Definition, fields.FirstOrDefault()?.Value ?? "", rows.Sum(row => row.TotalMinor));
    }

    static IResult Page(Asked asked, Caller caller, string answer, string reason, FieldErrors? errors) => Pages.Show<AnswerPartnershipPage>(
        new { Asked = asked, MayCommit = asked.Organisation.MayCommit(caller.PersonId), Answer = answer, Reason = reason, Errors = errors },
        errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
}

/// <summary>What an organisation is asked to take part in.</summary>
/// <param name="Organisation">The organisation that is asked.</param>
/// <param name="Application">The application.</param>
/// <param name="Partner">What it would be.</param>
/// <param name="Definition">The call.</param>
/// <param name="Title">Title of the project as far as it was typed.</param>
/// <param name="SpentMinor">What it would spend by the budget.</param>
public sealed record Asked(Organisation Organisation, Application Application, Partner Partner, CallDefinition Definition, string Title, long SpentMinor)
{
    /// <summary>Address of the page.</summary>
    public string Path => $"/organisations/{Organisation.Id}/partnerships/{Application.Id}/{Partner.Id}";
}
