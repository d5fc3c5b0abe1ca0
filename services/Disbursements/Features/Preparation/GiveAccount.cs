using System.Text.RegularExpressions;
using Grants.Disbursements.Domain;
using Grants.Platform;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Preparation;

/// <summary>The grantee says to which account the grant is paid.</summary>
public static partial class GiveAccount
{
    /// <summary>What payments in euros allow; banks cut longer names.</summary>
    const int LongestName = 70;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/grants/{applicationId:guid}/account", Show).SignedIn("a member who may commit for the grantee, after the letter of award");
        routes.MapPost("/grants/{applicationId:guid}/account", Handle).SignedIn("a member who may commit for the grantee, after the letter of award");
    }

    /// <summary>What was typed.</summary>
    public sealed record Typed(string Holder, string Iban, string BankName, string Bic, bool IbanConfirmed);

    static async Task<IResult> Show(Guid applicationId, Caller caller, DisbursementsDb db, CancellationToken ct)
    {
        if (await db.SeeAsync(caller, applicationId, ct) is not { MayCommit: true } seen) return Pages.NotFound();
        var known = await db.BankAccounts.AsNoTracking().SingleOrDefaultAsync(account => account.Id == seen.Grant.BankAccountId, ct);
        var typed = known is null ? new Typed("", "", "", "", false) : new Typed(known.Holder, Iban.Format(known.Iban), known.BankName, known.Bic, false);
        return Pages.Show<GiveAccountPage>(new { Seen = seen, Typed = typed, Errors = new FieldErrors(), AskToConfirm = false });
    }

    static async Task<IResult> Handle(Guid applicationId, PostedForm form, Caller caller, DisbursementsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        using var span = Tracing.Start("account give", applicationId);
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await db.SeeAsync(caller, applicationId, ct) is not { MayCommit: true } seen) return Pages.NotFound();

        var typed = new Typed(form["holder"], form["iban"], form["bankName"], form["bic"], form["ibanConfirmed"] == "yes");
        var errors = new FieldErrors();
        var iban = Check(typed, errors, page);
        if (!seen.CanGiveAccount) errors.Add("", page.Text<GiveAccountPage>("account.tooLate"));
        if (!errors.None)
            return Pages.Show<GiveAccountPage>(new { Seen = seen, Typed = typed, Errors = errors, AskToConfirm = iban is { IsOk: true, Warning: true } }, StatusCodes.Status422UnprocessableEntity);

        var account = new BankAccount
        {
            Id = Guid.CreateVersion7(),
            ApplicationId = applicationId,
            Holder = typed.Holder,
            Iban = iban.Normalised,
            BankName = typed.BankName,
            Bic = Bic(typed.Bic),
            Language = page.Language,
            GivenBy = caller.PersonId,
            GivenAt = clock.Now,
        };
        db.BankAccounts.Add(account);
        seen.Grant.GiveAccount(account);
        db.Audit(account.GivenAt, caller.PersonId, "grant.account-given", applicationId);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/grants/{applicationId}");
    }

    static IbanCheck Check(Typed typed, FieldErrors errors, PageContext page)
    {
        if (PlainLine.Problem(typed.Holder, LongestName) is { } holder) errors.Add("holder", page.Text<GiveAccountPage>($"account.holder.{holder}", LongestName));

        var iban = Iban.Check(typed.Iban);
        if (!iban.IsOk) errors.Add("iban", iban.Sentence(page.Culture));
        // The number can exist, but this country's banks give out others: a person must compare it with the bank's letter.
        else if (iban.Warning && !typed.IbanConfirmed) errors.Add("iban", iban.Sentence(page.Culture));

        if (PlainLine.Problem(typed.BankName, LongestName) is { } bank) errors.Add("bankName", page.Text<GiveAccountPage>($"account.bankName.{bank}", LongestName));
        if (typed.Bic.Length > 0 && !BicShape().IsMatch(Bic(typed.Bic))) errors.Add("bic", page.Text<GiveAccountPage>("account.bic.wrong"));
        return iban;
    }

    static string Bic(string typed) => typed.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    [GeneratedRegex("^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$", RegexOptions.CultureInvariant)]
    private static partial Regex BicShape();
}
