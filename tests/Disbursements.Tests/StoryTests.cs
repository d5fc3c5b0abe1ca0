using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Grants.Contracts.Applications;
using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Endings;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Disbursements.Tests;

/// <summary>
/// Random stories of two grants in one call, through the pages and consumers, with the database failing anywhere. After every step the books are right, nobody
/// is paid twice or beyond award and call, and two people who are independent of the grantee stand behind every payment order.
/// </summary>
[Trait("Database", "both")]
public sealed class StoryTests
{
    public enum Step
    {
        Advance,
        Award,
        Account,
        Offer,
        AcceptForGrantee,
        AcceptForFunder,
        Approve,
        List,
        Settle,
        Publish,
        Join,
        Refuse,
        Fail,
        Withdraw,
        Term,
        Expire,
        Correct,
        AcceptBudget,
        ChangeAccount,
        ConfirmAccount,
        Return,
        Cancel,
        Repay,
    }

    // What ends a grant would leave stories too short if it came as often as the rest.
    static readonly IReadOnlyList<Step> Endings = [Step.Refuse, Step.Fail, Step.Withdraw, Step.Term, Step.Expire, Step.Cancel];

    /// <param name="Step">What is tried, whether it is its time or not; <see cref="Step.Advance"/> tries what it is time for.</param>
    /// <param name="Grant">One of two grants.</param>
    /// <param name="Actor">One of the finance officers.</param>
    /// <param name="Amount">Which amount.</param>
    /// <param name="Fault">Before which step of the database it fails; below 0 never.</param>
    public sealed record Command(Step Step, int Grant, int Actor, int Amount, int Fault);

    [Fact]
    public async Task Wherever_the_database_fails_between_award_and_payment_nothing_is_half_done_and_trying_again_helps()
    {
        var (service, faults) = await StartAsync();
        await using var _ = service;
        var story = await Story.BeginAsync(service, faults);
        var failures = 0;
        // Award, account, offer, two acceptances, two approvals, list, settlement.
        for (var step = 0; step < 9; step++)
        {
            for (var fault = 0; ; fault++)
            {
                if (await story.PlayAsync(new Command(Step.Advance, 0, step % 2, 1, fault)) != HttpStatusCode.InternalServerError) break;
                failures++;
            }
        }

        Assert.Equal(1, story.Paid);
        Assert.InRange(failures, 80, 400);
    }

    [Fact]
    public async Task Whatever_people_and_events_do_in_whatever_order_the_promises_about_money_are_kept()
    {
        var command = from step in Gen.Frequency(
                          (18, Gen.Constant(Step.Advance)),
                          (10, Gen.Elements(Enum.GetValues<Step>().Where(step => step is not (Step.Advance or Step.Join or Step.Publish) && !Endings.Contains(step)))),
                          (1, Gen.Elements(Endings.Append(Step.Join).Append(Step.Publish))))
                      from grant in Gen.Elements(0, 0, 0, 1)
                      from actor in Gen.Choose(0, 4)
                      from amount in Gen.Choose(0, 2)
                      from fault in Gen.Frequency((3, Gen.Constant(-1)), (1, Gen.Choose(0, 25)))
                      select new Command(step, grant, actor, amount, fault);
        var (service, faults) = await StartAsync();
        await using var _ = service;
        var paid = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(8), Prop.ForAll(command.ListOf(50).ToArbitrary(), commands =>
        {
            paid += Task.Run(() => PlayAsync(service, faults, commands)).GetAwaiter().GetResult();
            return true;
        }));
        Assert.True(paid > 0, "No story came as far as a payment: the test shows nothing.");
    }

    static async Task<int> PlayAsync(ServiceFixture service, Faults faults, IEnumerable<Command> commands)
    {
        var story = await Story.BeginAsync(service, faults);
        foreach (var command in commands) await story.PlayAsync(command);
        return story.Paid;
    }

    static async Task<(ServiceFixture Service, Faults Faults)> StartAsync()
    {
        var faults = new Faults();
        // Jobs take what flows here with them when they begin; requests and events do not.
        Faults.InJob.Value = true;
        var service = await ServiceFixture.StartAsync(DisbursementsService.Definition, services => services.AddSingleton<IInterceptor>(faults));
        Faults.InJob.Value = false;
        return (service, faults);
    }

    sealed class Story(Life life, Faults faults)
    {
        static readonly long[] Budgets = [10_000_00, 12_000_00, 5_000_00];

        // Lowered to these: nothing is raised, and with both as they are nothing is to be saved.
        static readonly string[] Lines = ["2500", "2400.01", "0"];

        static readonly object Sure = new { reason = "Because", confirmed = "yes" };

        static readonly string[] Amounts = ["6000", "2999.99", "0.01"];

        readonly Guid[] grants = [life.ApplicationId, Guid.CreateVersion7()];

        // The last two are finance officers besides: one offers the agreements, the other decides.
        readonly Caller[] officers = [life.Finance1, life.Finance2, life.Finance3, Both(life.Officer), Both(life.DecisionMaker)];

        // The application of each, with a budget of 9,500.00 of which 1,500.00 are added.
        readonly Dictionary<Guid, string> dossiers = [];

        int version = 1;

        int line;

        int organisation = 1;

        string? last;

        public int Paid { get; private set; }

        static Caller Both(Caller caller) => caller with { Roles = [.. caller.Roles, new HeldRole(Role.FinanceOfficer, "*")] };

        public static async Task<Story> BeginAsync(ServiceFixture service, Faults faults)
        {
            faults.Arm(-1);
            var life = Life.In(service);
            await service.DeliverAsync(life.Published(life.Definition(Budgets[0])));
            await service.DeliverAsync(life.Organisation());
            var story = new Story(life, faults);
            foreach (var grant in story.grants)
            {
                await service.DeliverAsync(life.Told(grant));
                story.dossiers[grant] = await life.SealAsync(grant);
            }

            return story;
        }

        /// <summary>Tries the step; what a page answered, or null for an event.</summary>
        public async Task<HttpStatusCode?> PlayAsync(Command command)
        {
            var grant = grants[command.Grant];
            var step = command.Step == Step.Advance ? await NextAsync(grant) : command.Step;
            var before = last ?? await SnapshotAsync();
            var answer = await TryAsync(step, command, grant);
            last = await SnapshotAsync();
            // Events are tried again by the inbox; what a person did is rolled back whole.
            if (answer == HttpStatusCode.InternalServerError) Assert.True(faults.Fired, "Nothing was made to fail, but something did.");
            if (answer == HttpStatusCode.InternalServerError) Assert.Equal(before, last);
            if (before != last) await AssertPromisesAsync();
            return answer;
        }

        async Task<HttpStatusCode?> TryAsync(Step step, Command command, Guid grant)
        {
            var officer = officers[command.Actor];
            var instalment = LedgerTransfer.IdOf($"instalment:{grant}:1");
            var held = await life.Db(db => db.AwardedGrants.AsNoTracking().SingleOrDefaultAsync(known => known.ApplicationId == grant));
            var text = await life.Db(db => db.Agreements.Where(known => known.ApplicationId == grant).Select(known => known.TextSha256).SingleOrDefaultAsync());
            object Acceptance() => new { fullName = "Amela", position = "Predsjednica", accept = "yes", textSha256 = text ?? "" };
            // Whoever approved already is the one whose membership matters most.
            var approver = await life.Db(db => db.Approvals.Where(approval => approval.InstalmentId == instalment).Select(approval => (Guid?)approval.Approver).FirstOrDefaultAsync());
            var round = await life.Db(db => db.Instalments.Where(known => known.Id == instalment).Select(known => known.Round).SingleOrDefaultAsync());
            faults.Arm(command.Fault);
            try
            {
                return step switch
                {
                    Step.Award => await HearAsync(() => life.Service.DeliverAsync(life.Award(6_000_00, applicationId: grant, reference: $"R-{grant}") with { DossierSha256 = dossiers[grant] })),
                    Step.Publish => await HearAsync(() => life.Service.DeliverAsync(life.Published(life.Definition(Budgets[command.Amount]), ++version))),
                    Step.Join => await HearAsync(() => life.Service.DeliverAsync(life.Organisation(++organisation, [.. life.Members, new OrganisationMember(approver ?? officer.PersonId, true)]))),
                    Step.Account => await PostAsync(life.President, $"/grants/{grant}/account", life.Account()),
                    Step.Offer => await PostAsync(officers[3], $"/grants/{grant}/preparation", new { amount = held?.BudgetCorrectionId is null ? Amounts[command.Amount] : Platform.MoneyFormat.Plain(held.Grantable), accountChecked = "yes", account = held?.BankAccountId }),
                    Step.AcceptForGrantee => await PostAsync(life.President, $"/grants/{grant}/agreement", Acceptance()),
                    Step.AcceptForFunder => await PostAsync(officers[4], $"/grants/{grant}/agreement", Acceptance()),
                    Step.Approve => await PostAsync(officer, $"/payments/{instalment}/approval", new { }),
                    Step.List => await PostAsync(officer, "/payments/lists", new { currency = "BAM" }),
                    Step.Refuse => await PostAsync(life.President, $"/grants/{grant}/refusal", Sure),
                    Step.Fail => await PostAsync(officers[3], $"/grants/{grant}/failure", Sure),
                    Step.Withdraw => await HearAsync(() => life.Service.DeliverAsync(life.Withdrawn(grant))),
                    Step.Term => await PostAsync(officers[3], $"/grants/{grant}/term", new { lastDay = "2027-01-05" }),
                    Step.Expire => await ExpireAsync(),
                    Step.Correct => await PostAsync(officers[3], $"/grants/{grant}/budget", new Dictionary<string, string>
                    {
                        ["correction"] = $"{held?.BudgetCorrectionId}", ["total-l1"] = Lines[command.Amount], ["reason-l1"] = "r", ["total-l2"] = Lines[command.Actor % 3], ["reason-l2"] = "r",
                    }),
                    Step.AcceptBudget => await PostAsync(life.President, $"/grants/{grant}/budget/acceptance", new { correction = held?.BudgetCorrectionId, accept = "yes" }),
                    Step.ChangeAccount => await PostAsync(life.President, $"/grants/{grant}/account", life.Account("MK07250120000058984")),
                    Step.ConfirmAccount => await PostAsync(officers[3], $"/grants/{grant}/account/confirmation", new { account = held?.BankAccountId, accountChecked = "yes" }),
                    Step.Return => await PostAsync(officer, $"/payments/{instalment}/return", new { round, reason = "Closed", statementLine = Line(command), bookedOn = "2027-01-04" }),
                    Step.Cancel => await PostAsync(officers[4], $"/grants/{grant}/cancellation", Sure),
                    Step.Repay => await PostAsync(officer, $"/grants/{grant}/repayments", new { amount = Amounts[command.Amount], reason = "r", statementLine = Line(command), bookedOn = "2027-01-04" }),
                    _ => await PostAsync(officer, $"/payments/{instalment}/settlement", new { statementLine = Line(command), paidOn = "2027-01-04" }),
                };
            }
            finally
            {
                faults.Stop();
            }
        }

        // Sometimes one that stands for another movement already.
        string Line(Command command) => $"{life.CallId:N}"[^8..] + $"/{(command.Actor == 4 ? line : ++line)}";

        async Task<HttpStatusCode?> ExpireAsync()
        {
            try
            {
                await life.Db(async db =>
                {
                    await ExpireTerms.Run(db, new AppTime(new FakeTime(life.Now.AddDays(30))), default);
                    return 0;
                });
                return null;
            }
            catch (InvalidOperationException) when (faults.Fired)
            {
                return HttpStatusCode.InternalServerError;
            }
        }

        static async Task<HttpStatusCode?> HearAsync(Func<Task> deliver)
        {
            await deliver();
            return null;
        }

        async Task<HttpStatusCode?> PostAsync(Caller caller, string url, object fields)
        {
            using var answer = await life.PostAsync(caller, url, fields);
            return answer.StatusCode;
        }

        async Task<Step> NextAsync(Guid grant) => await life.Db(async db =>
        {
            var state = await db.AwardedGrants.Where(known => known.ApplicationId == grant).Select(known => (GrantState?)known.State).SingleOrDefaultAsync();
            var instalment = await db.Instalments.Where(known => known.ApplicationId == grant && known.Number == 1).Select(known => (InstalmentState?)known.State).SingleOrDefaultAsync();
            var held = await db.AwardedGrants.AsNoTracking().SingleOrDefaultAsync(known => known.ApplicationId == grant);
            var waits = held?.BudgetCorrectionId is { } correction && !await db.BudgetAcceptances.AnyAsync(known => known.CorrectionId == correction);
            var agreed = await db.Agreements.Where(known => known.ApplicationId == grant).Select(known => (Guid?)known.BankAccountId).SingleOrDefaultAsync();
            return (state, instalment) switch
            {
                (GrantState.InPreparation or GrantState.AccountGiven, _) when waits => Step.AcceptBudget,
                (GrantState.InForce, InstalmentState.Requested or InstalmentState.Approved) when held!.BankAccountId != (held.ConfirmedAccountId ?? agreed) => Step.ConfirmAccount,
                (null or GrantState.Incident, _) => Step.Award,
                (GrantState.InPreparation, _) => Step.Account,
                (GrantState.AccountGiven, _) => Step.Offer,
                (GrantState.AgreementOffered, _) => Step.AcceptForGrantee,
                (GrantState.AcceptedByGrantee, _) => Step.AcceptForFunder,
                (_, InstalmentState.Requested) => Step.Approve,
                (_, InstalmentState.Approved) => Step.List,
                _ => Step.Settle,
            };
        });

        Task<string> SnapshotAsync() => life.Db(async db => string.Join('\n', [
            .. (await db.LedgerAccounts.AsNoTracking().Where(account => account.CallId == life.CallId).OrderBy(account => account.Id).ToListAsync()).Select(account => $"{account.Id} {account.Counters}"),
            .. (await db.AwardedGrants.AsNoTracking().Where(grant => grant.CallId == life.CallId).OrderBy(grant => grant.ApplicationId).ToListAsync()).Select(grant => $"{grant.ApplicationId} {grant.State} {grant.Version} {grant.BankAccountId} {grant.ConfirmedAccountId} {grant.AgreedMinor} {grant.CorrectedMinor} {grant.AnswerDueAt}"),
            .. (await db.Instalments.AsNoTracking().Where(instalment => instalment.CallId == life.CallId).OrderBy(instalment => instalment.Id).ToListAsync()).Select(instalment => $"{instalment.Id} {instalment.State} {instalment.Version}"),
            $"{await db.LedgerTransfers.CountAsync()} {await db.Approvals.CountAsync()} {await db.PaymentLists.CountAsync()} {await db.PaymentLines.CountAsync()} {await db.Acceptances.CountAsync()}",
            $"{await db.Set<Platform.Messaging.OutboxMessage>().CountAsync()} {await db.Set<Platform.Persistence.AuditEntry>().CountAsync()} {await db.Agreements.CountAsync()} {await db.BankAccounts.CountAsync()}",
            $"{await db.GrantEnds.CountAsync()} {await db.Withdrawals.CountAsync()} {await db.BudgetCorrections.CountAsync()} {await db.BudgetAcceptances.CountAsync()} {await db.CorrectedLines.CountAsync()} {await db.PaymentReturns.CountAsync()} {await db.Repayments.CountAsync()} {await db.StatementLines.CountAsync()}",
        ]));

        Task AssertPromisesAsync() => life.Service.Db<DisbursementsDb>(async db =>
        {
            var accounts = await db.LedgerAccounts.AsNoTracking().Where(account => account.CallId == life.CallId).ToListAsync();
            var transfers = await db.LedgerTransfers.AsNoTracking().Where(transfer => transfer.CallId == life.CallId).ToListAsync();
            Assert.Empty(LedgerAudit.Compare(accounts, transfers));
            Assert.Equal((0, 0), LedgerAudit.Sums(accounts));
            Assert.True(accounts.Single(account => account.Kind == LedgerAccountKind.Call).FreeMinor >= 0);

            var tied = (await db.OrganisationPeople.Where(person => person.OrganisationId == life.OrganisationId).Select(person => person.PersonId).ToListAsync()).ToHashSet();
            var listed = await db.PaymentLines.AsNoTracking().Where(line => grants.Contains(line.ApplicationId)).ToListAsync();
            foreach (var grant in await db.AwardedGrants.AsNoTracking().Where(known => known.CallId == life.CallId).ToListAsync())
            {
                long Of(LedgerTransferKind kind) => transfers.Where(t => t.Kind == kind && t.CreditAccountId == LedgerAccount.GrantOf(grant.ApplicationId)).Sum(t => t.AmountMinor);
                var instalments = await db.Instalments.AsNoTracking().Where(known => known.ApplicationId == grant.ApplicationId).ToListAsync();
                var paidInstalments = instalments.Where(instalment => instalment.State == InstalmentState.Paid).Sum(instalment => instalment.AmountMinor);
                Assert.Equal(
                    grant.State switch
                    {
                        GrantState.Incident or GrantState.Lapsed => 0,
                        GrantState.Cancelled => paidInstalments,
                        _ => grant.AgreedMinor ?? grant.CorrectedMinor ?? grant.AwardedMinor,
                    },
                    Of(LedgerTransferKind.Award) - Of(LedgerTransferKind.Void));
                Assert.Equal(grant.AgreedMinor ?? 0, instalments.Sum(instalment => instalment.AmountMinor));
                Assert.Equal(paidInstalments, Of(LedgerTransferKind.Payment) - Of(LedgerTransferKind.Return));
                Assert.InRange(Of(LedgerTransferKind.Repayment), 0, paidInstalments);
                Assert.Equal(await db.Repayments.Where(known => known.ApplicationId == grant.ApplicationId).SumAsync(known => known.AmountMinor), Of(LedgerTransferKind.Repayment));
                foreach (var instalment in instalments)
                    await AssertOrderedAsync(db, instalment, listed.Find(line => line.InstalmentId == instalment.Id && line.Round == instalment.Round), tied);
                AssertEnd(grant, instalments, await db.GrantEnds.AsNoTracking().SingleOrDefaultAsync(known => known.ApplicationId == grant.ApplicationId));
            }

            NaiveBooks.Check(Budgets.Max(), accounts, transfers);
            var lapsed = await db.AwardedGrants.CountAsync(known => known.CallId == life.CallId && known.State == GrantState.Lapsed);
            Assert.Equal(lapsed, (await life.Service.Events<AwardLapsed>()).Count(told => told.CallId == life.CallId));
            var paid = await db.Instalments.CountAsync(known => known.CallId == life.CallId && known.State == InstalmentState.Paid);
            var payments = transfers.Count(transfer => transfer.Kind == LedgerTransferKind.Payment);
            var returned = transfers.Count(transfer => transfer.Kind == LedgerTransferKind.Return);
            var failed = (await life.Service.Events<PaymentFailed>()).Count(told => told.CallId == life.CallId);
            Assert.Equal(paid, payments - returned);
            Assert.Equal(payments, (await life.Service.Events<PaymentSettled>()).Count(settled => settled.CallId == life.CallId));
            Assert.Equal(await db.PaymentReturns.CountAsync(known => db.Instalments.Any(instalment => instalment.Id == known.InstalmentId && instalment.CallId == life.CallId)), failed);
            // Every payment, return and repayment has a line of the statement of its own. What came back of an order that never left may have one too.
            var lines = await db.StatementLines.CountAsync(known => grants.Contains(known.ApplicationId));
            var repaid = transfers.Count(transfer => transfer.Kind == LedgerTransferKind.Repayment);
            Assert.InRange(lines, payments + returned + repaid, payments + failed + repaid);
            Paid = paid;
        });

        static void AssertEnd(Grant grant, List<Instalment> instalments, GrantEnd? end)
        {
            Assert.Equal(grant.State is GrantState.Lapsed or GrantState.Cancelled, end is not null);
            if (end is null) return;
            // Nothing of it can be signed or paid any more.
            Assert.All(instalments, instalment => Assert.True(instalment.State is InstalmentState.Cancelled or InstalmentState.Paid, $"{instalment.State}"));
            Assert.Equal(end.Cause == EndCause.Cancelled, grant.State == GrantState.Cancelled);
        }

        readonly HashSet<(Guid, int)> ordered = [];

        async Task AssertOrderedAsync(DisbursementsDb db, Instalment instalment, PaymentLine? line, HashSet<Guid> tied)
        {
            Assert.Equal(instalment.State is InstalmentState.Listed or InstalmentState.Paid, line is not null);
            if (line is null || !ordered.Add((instalment.Id, instalment.Round))) return;
            // Asked in the moment in which it went on the list: whoever joins the grantee later was independent then, for all that was known.
            Assert.Equal(instalment.AmountMinor, line.AmountMinor);
            var approvers = await db.Approvals.Where(approval => approval.InstalmentId == instalment.Id && approval.Round == instalment.Round).Select(approval => approval.Approver).ToListAsync();
            Assert.True(approvers.Distinct().Count(approver => !tied.Contains(approver)) >= 2, "Fewer than two independent people approved.");
            Assert.DoesNotContain(officers[3].PersonId, approvers);
        }
    }
}
