using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;

namespace Grants.Testing;

/// <summary>
/// People who go on working while the product fails under them: who gets no answer to a step looks whether it was done all the same, and otherwise does it again.
/// </summary>
public sealed class Load(Running product)
{
    // Longer than any failure takes on a slow machine; who needs more has met an error that stays.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    int retries;
    int organisations;

    /// <summary>The applications that were accepted, with their references.</summary>
    public ConcurrentDictionary<Guid, string> Accepted { get; } = new();

    /// <summary>Steps that were done again.</summary>
    public int Retries => retries;

    /// <summary>A new organisation applies, is found eligible, and an evaluator reviews it.</summary>
    /// <returns>The application.</returns>
    public async Task<Guid> ApplyAndReviewAsync(Life life)
    {
        var number = Interlocked.Increment(ref organisations);
        var organisation = await DoAsync(() => life.RegisterOrganisationAsync($"Udruženje „Talas {number}“"));
        var application = await DoAsync(() => life.StartAsync(organisation));
        await DoAsync(() => life.FillAsync(application, $"Projekat {number}", "2.000,00", "Razgovarali smo sa stanovnicima."));
        await UntilAsync("applications", "select count(*) from applications where id = @id and state <> 'Draft'", application, () => life.SubmitAsync(application));
        var reference = await DoAsync(() => life.ReferenceAsync(application));
        Accepted[application] = reference;
        await UntilAsync("applications", "select count(*) from eligibility_checks where application_id = @id", application, () => life.CheckAsync(application));
        await UntilAsync("reviews", "select count(*) from assignments where application_id = @id", application, () => life.AssignAsync(application));
        await UntilAsync("reviews", "select count(*) from assignments where application_id = @id and state = 'Submitted'", application, () => life.ReviewAsync(reference));
        return application;
    }

    /// <summary>It is recommended, awarded, told, contracted, approved and paid. Its call must be closed.</summary>
    public async Task AwardAndPayAsync(Life life, Guid application, string reference)
    {
        await AwardAsync(life, application, reference);
        await ApproveAsync(life, application, reference, 1);
        await ApproveAsync(life, application, reference, 2);
        await UntilAsync("disbursements", "select count(*) from payment_lines where application_id = @id", application, life.ListPaymentsAsync);
        await UntilAsync("disbursements", "select count(*) from instalments where application_id = @id and state = 'Paid'", application,
            () => life.SettleReferenceAsync(reference, reference, Today()));
    }

    /// <summary>It is recommended, awarded, told and contracted.</summary>
    public async Task AwardAsync(Life life, Guid application, string reference)
    {
        await UntilAsync("reviews", "select count(*) from recommendations where application_id = @id", application, () => life.RecommendAsync(application, "2000.00"));
        await UntilAsync("reviews", "select count(*) from decisions where application_id = @id", application, () => life.DecideAsync(application));
        await UntilAsync("notifications", "select count(*) from letters where application_id = @id and state = 'Released'", application, () => life.ReleaseLetterAsync(reference));
        await UntilAsync("disbursements", "select count(*) from bank_accounts where application_id = @id", application, () => life.GiveAccountAsync(application));
        await UntilAsync("disbursements", "select count(*) from agreements where application_id = @id", application, () => life.OfferAsync(application));
        // One step for each person: an answer may be lost after the first of them.
        const string signed = "select count(*) >= {0} from agreement_acceptances s join agreements a on a.id = s.agreement_id where a.application_id = @id";
        await UntilAsync("disbursements", Counted(signed, 1), application, () => life.AcceptAsync(application, Life.Applicant, "President"));
        await UntilAsync("disbursements", Counted(signed, 2), application, () => life.AcceptAsync(application, Life.DecisionMaker, "Director"));
    }

    /// <summary>The first or the second finance officer approves its instalment.</summary>
    public Task ApproveAsync(Life life, Guid application, string reference, int approval) => UntilAsync(
        "disbursements", Counted("select count(distinct approver) >= {0} from payment_approvals p join instalments i on i.id = p.instalment_id where i.application_id = @id", approval), application,
        () => life.ApproveAsync(reference, approval == 1 ? Life.Finance : Life.OtherFinance));

    // As somebody in Sarajevo writes it.
    string Today() => TimeZoneInfo.ConvertTimeBySystemTimeZoneId(product.Now, "Europe/Sarajevo").ToString("d.M.yyyy", CultureInfo.InvariantCulture);

    static string Counted(string sql, int least) => sql.Replace("{0}", least.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>Does a step until it is done, as a query of a service's database says.</summary>
    public async Task UntilAsync(string service, string done, Guid application, Func<Task> step) => await DoAsync(async () =>
    {
        while (product.Auditor.Number(service, done, application) == 0) await step();
    });

    async Task DoAsync(Func<Task> step) => await DoAsync(async () =>
    {
        await step();
        return true;
    });

    /// <summary>Does a step until an answer came.</summary>
    public async Task<TResult> DoAsync<TResult>(Func<Task<TResult>> step)
    {
        var patience = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            try
            {
                return await step();
            }
            catch (Exception e) when (IsFailure(e) && patience.Elapsed < Patience)
            {
                Interlocked.Increment(ref retries);
                await pause.WaitForNextTickAsync();
                await product.UntilReadyAsync();
            }
        }
    }

    // The connection broke, or the page that another worker or an earlier try has gone past shows no form any more.
    static bool IsFailure(Exception e) => e is HttpRequestException or IOException or InvalidOperationException or TaskCanceledException or TimeoutException or DbException;
}
