using System.Globalization;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Intake;
using Grants.Platform.Localisation;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Payments;

/// <summary>Lines of payers' bank statements: each stands for one movement of money, and once only.</summary>
static class StatementRegister
{
    const int LongestLine = 35;

    static readonly string[] DateFormats = ["yyyy-MM-dd", "d.M.yyyy", "d.M.yyyy.", "d. M. yyyy", "d. M. yyyy."];

    /// <summary>Checks a booking day. Days are the call's: a statement of the 5th was not made on the 4th because a server stands in another zone.</summary>
    /// <param name="field">The field the sentence stands beside.</param>
    /// <param name="typed">What was typed.</param>
    /// <param name="zone">The call's zone.</param>
    /// <param name="now">Now.</param>
    /// <param name="earliest">The day of the last approval, before which nothing is booked; null when there is none.</param>
    /// <param name="errors">Takes the sentence.</param>
    /// <param name="page">The reader's language.</param>
    public static DateOnly CheckDay(string field, string typed, string zone, DateTimeOffset now, DateOnly? earliest, FieldErrors errors, PageContext page)
    {
        if (!DateOnly.TryParseExact(typed, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) errors.Add(field, page.Text<SettlePaymentPage>("settle.paidOn.missing"));
        else if (day > DateOnly.FromDateTime(Dates.In(now, zone))) errors.Add(field, page.Text<SettlePaymentPage>("settle.paidOn.future"));
        else if (day < earliest) errors.Add(field, page.Text<SettlePaymentPage>("settle.paidOn.beforeApproval", earliest));
        return day;
    }

    /// <summary>The line to add, or a sentence why it cannot be taken: it is none, or stands for another movement.</summary>
    public static async Task<StatementLine?> TakeAsync(
        DisbursementsDb db, GrantSeen seen, string field, string typed, DateOnly bookedOn, Guid about, DateTimeOffset now, FieldErrors errors, PageContext page, CancellationToken ct)
    {
        if (PlainLine.Problem(typed, LongestLine) is { } problem)
        {
            errors.Add(field, page.Text<SettlePaymentPage>($"settle.statementLine.{problem}", LongestLine));
            return null;
        }

        var line = new StatementLine
        {
            Payer = PayerOf(seen),
            Year = bookedOn.Year,
            Number = StatementLine.NumberOf(typed),
            ApplicationId = seen.Grant.ApplicationId,
            About = about,
            By = seen.Caller.PersonId,
            At = now,
        };
        if (!await db.StatementLines.AnyAsync(known => known.Payer == line.Payer && known.Year == line.Year && known.Number == line.Number, ct)) return line;
        errors.Add(field, page.Text<SettlePaymentPage>("settle.statementLine.used"));
        return null;
    }

    /// <summary>Saves; false, with the sentence, when somebody took the same line in the same moment.</summary>
    public static async Task<bool> TrySaveAsync(DisbursementsDb db, string field, FieldErrors errors, PageContext page, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation() && e.Entries.Any(entry => entry.Entity is StatementLine))
        {
            errors.Add(field, page.Text<SettlePaymentPage>("settle.statementLine.used"));
            return false;
        }
    }

    /// <summary>Whose statement it is: who pays grantees of this country, otherwise the lead. What cannot be read pays as the programme: a payment that was made is recorded all the same.</summary>
    static string PayerOf(GrantSeen seen)
    {
        if (CallDefinitions.Read(seen.Call.Definition) is not { } call) return seen.Call.Programme;
        return call.Payers.FirstOrDefault(payer => seen.Organisation is { } grantee && payer.Countries.Contains(grantee.Country))?.Name ?? call.Lead;
    }
}
