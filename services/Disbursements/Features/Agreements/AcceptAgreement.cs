using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Agreements;

/// <summary>A side accepts the agreement; with the second acceptance it is in force and the first instalment is due.</summary>
public static class AcceptAgreement
{
    /// <summary>Longer than any name and position of a person.</summary>
    const int LongestLine = 120;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/grants/{applicationId:guid}/agreement", Handle)
        .SignedIn("a member who may commit for the grantee, or then a decision-maker in scope who is not tied to the grantee");

    /// <summary>What was typed.</summary>
    public sealed record Typed(string FullName, string Position, bool Accepted);

    static async Task<IResult> Handle(
        Guid applicationId, PostedForm form, Caller caller, DisbursementsDb db, FileStore files, AppTime clock, PageContext page, CancellationToken ct)
    {
        using var span = Tracing.Start("agreement accept", applicationId);
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await ShowAgreement.FindAsync(db, files, caller, applicationId, ct) is not { } shown) return Pages.NotFound();
        // A second click finds the first.
        if (shown.Acceptances.Any(known => known.PersonId == caller.PersonId)) return Results.LocalRedirect($"/grants/{applicationId}/agreement");
        var mayEver = shown.Seen.MayCommit || caller.Holds(shown.Seen.Place, Role.DecisionMaker);
        if (!mayEver) return Pages.NotFound();

        var typed = new Typed(form["fullName"], form["position"], form["accept"] == "yes");
        var errors = new FieldErrors();
        if (shown.MaySign is null) errors.Add("", page.Text<AgreementPage>(shown.Seen.IsIndependent || shown.Seen.MayCommit ? "agreement.notNow" : "agreement.tied"));
        if (form["textSha256"] != shown.Agreement.TextSha256) errors.Add("", page.Text<AgreementPage>("agreement.otherText"));
        if (PlainLine.Problem(typed.FullName, LongestLine) is { } name) errors.Add("fullName", page.Text<AgreementPage>($"agreement.fullName.{name}", LongestLine));
        if (PlainLine.Problem(typed.Position, LongestLine) is { } position) errors.Add("position", page.Text<AgreementPage>($"agreement.position.{position}", LongestLine));
        if (!typed.Accepted) errors.Add("accept", page.Text<AgreementPage>("agreement.accept.unticked"));
        if (!errors.None) return Pages.Show<AgreementPage>(new { Shown = shown, Typed = typed, Errors = errors }, StatusCodes.Status422UnprocessableEntity);

        await AcceptAsync(db, shown, shown.MaySign!.Value, typed, clock.Now, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/grants/{applicationId}/agreement");
    }

    static async Task AcceptAsync(DisbursementsDb db, ShowAgreement.Shown shown, AgreementSide side, Typed typed, DateTimeOffset now, CancellationToken ct)
    {
        var (grant, agreement, caller) = (shown.Seen.Grant, shown.Agreement, shown.Seen.Caller);
        if (side == AgreementSide.Grantee) grant.AcceptForGrantee();
        else grant.AcceptForFunder();
        db.Acceptances.Add(new AgreementAcceptance
        {
            Id = Guid.CreateVersion7(),
            AgreementId = agreement.Id,
            Side = side,
            PersonId = caller.PersonId,
            FullName = typed.FullName,
            Position = typed.Position,
            At = now,
            TextSha256 = agreement.TextSha256,
        });
        var inForce = grant.State == GrantState.InForce;
        // An acceptance of another text could only come from a fault of ours; the agreement must not be in force then.
        if (inForce && shown.Acceptances.Any(known => known.TextSha256 != agreement.TextSha256))
            throw new InvalidDataException($"The sides of the agreement of {grant.ApplicationId} accepted different texts.");
        db.Audit(now, caller.PersonId, side == AgreementSide.Grantee ? "grant.accepted-by-grantee" : "grant.accepted-by-funder", grant.ApplicationId);
        db.Publish(new AgreementSigned(
            grant.ApplicationId, grant.Version, now, grant.CallId, grant.OrganisationId, side == AgreementSide.Grantee ? "grantee" : "funder", caller.PersonId,
            agreement.TextSha256, inForce));
        if (!inForce) return;

        var due = await db.Instalments.Where(instalment => instalment.ApplicationId == grant.ApplicationId && instalment.Trigger == Instalment.AgreementInForce)
            .OrderBy(instalment => instalment.Number).ToListAsync(ct);
        // A share of nothing is never due: there is nothing to pay.
        foreach (var instalment in due.Where(instalment => instalment.AmountMinor > 0))
        {
            instalment.Request(now);
            db.Audit(now, agreement.OfferedBy, "instalment.requested", instalment.Id);
            db.Publish(new InstalmentRequested(
                grant.ApplicationId, grant.Touch(), now, grant.CallId, instalment.Id, instalment.Number, instalment.AmountMinor, instalment.Currency));
        }
    }
}
