using System.Globalization;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Preparation;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;

namespace Grants.Disbursements.Features.Endings;

/// <summary>The officer gives the grantee a term for what it owes: the award lapses when it ends without an answer.</summary>
public static class SetTerm
{
    static readonly string[] DayFormats = ["yyyy-MM-dd", "d.M.yyyy", "d.M.yyyy.", "d. M. yyyy", "d. M. yyyy."];

    // Nobody can answer on the same day what they read in the evening.
    const int FewestDays = 1, MostDays = 366;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/grants/{applicationId:guid}/term", Show).ForRoles("programme officer in scope", Role.ProgrammeOfficer);
        routes.MapPost("/grants/{applicationId:guid}/term", Handle).ForRoles("programme officer in scope who is not tied to the grantee", Role.ProgrammeOfficer);
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, DisbursementsDb db, FileStore files, CancellationToken ct)
    {
        if (await db.SeeAsync(caller, applicationId, ct) is not { IsOfficer: true } seen) return Pages.NotFound();
        var dueAt = seen.Grant.AnswerDueAt;
        var typed = dueAt is null ? "" : DateOnly.FromDateTime(Dates.In(dueAt.Value, seen.Call.TimeZone)).AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return Page(seen, typed, await OwesAsync(db, files, seen, ct), new FieldErrors(), StatusCodes.Status200OK);
    }

    static async Task<IResult> Handle(
        Guid applicationId, PostedForm form, Caller caller, DisbursementsDb db, FileStore files, AppTime clock, PageContext page, CancellationToken ct)
    {
        using var span = Tracing.Start("award term", applicationId);
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await db.SeeAsync(caller, applicationId, ct) is not { IsOfficer: true } seen) return Pages.NotFound();

        var (now, zone, owes, typed) = (clock.Now, seen.Call.TimeZone, await OwesAsync(db, files, seen, ct), form["lastDay"]);
        var takenAway = form["do"] == "remove";
        var errors = new FieldErrors();
        if (!seen.IsIndependent) errors.Add("", page.Text<SetTermPage>(seen.Tied is null ? "end.membersUnknown" : "end.tied"));
        else if (!owes && !takenAway) errors.Add("", page.Text<SetTermPage>("term.nothingOwed"));
        var dueAt = takenAway ? null : Check(typed, now, zone, errors, page);
        if (!errors.None) return Page(seen, typed, owes, errors, StatusCodes.Status422UnprocessableEntity);

        seen.Grant.SetTerm(dueAt);
        db.Audit(now, caller.PersonId, takenAway ? "grant.term-removed" : "grant.term-set", applicationId, dueAt?.ToString("u", CultureInfo.InvariantCulture));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/grants/{applicationId}");
    }

    // The whole last day counts, by the clock of the call.
    static DateTimeOffset? Check(string typed, DateTimeOffset now, string zone, FieldErrors errors, PageContext page)
    {
        var today = DateOnly.FromDateTime(Dates.In(now, zone));
        if (!DateOnly.TryParseExact(typed, DayFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) errors.Add("lastDay", page.Text<SetTermPage>("term.day.missing"));
        else if (day < today.AddDays(FewestDays)) errors.Add("lastDay", page.Text<SetTermPage>("term.day.early"));
        else if (day > today.AddDays(MostDays)) errors.Add("lastDay", page.Text<SetTermPage>("term.day.late"));
        else if (Dates.TryInstant($"{day.AddDays(1):yyyy-MM-dd}T00:00", zone, out var dueAt, out _)) return dueAt;
        // Midnight is when some countries change their clocks.
        else errors.Add("lastDay", page.Text<SetTermPage>("term.day.clocks"));
        return null;
    }

    /// <summary>Whether the grantee is who is waited for.</summary>
    static async Task<bool> OwesAsync(DisbursementsDb db, FileStore files, GrantSeen seen, CancellationToken ct) => seen.Grant.State switch
    {
        GrantState.InPreparation or GrantState.AgreementOffered => true,
        GrantState.AccountGiven => (await Outstanding.OfAsync(db, files, seen, ct)).IsGranteesTurn,
        _ => false,
    };

    static IResult Page(GrantSeen seen, string typed, bool owes, FieldErrors errors, int status) =>
        Pages.Show<SetTermPage>(new { Seen = seen, Typed = typed, Owes = owes, Errors = errors }, status);
}
