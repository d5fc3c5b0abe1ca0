using System.Globalization;
using System.Text;
using Grants.Applications.Domain;
using Grants.Applications.Features.Apply;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Preparation;
using Grants.Notifications.Domain;
using Grants.Notifications.Features.Letters.Wording;
using Grants.Platform;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Reviews.Domain;
using Applicant = Grants.Applications.Domain.Organisation;
using Grantee = Grants.Disbursements.Domain.Organisation;
using PublishedVersion = Grants.Applications.Domain.CallVersion;

namespace Grants.AllInOne.DryRun;

/// <summary>
/// Sends one invented grant through every stage of a call's definition, from the first letter of the draft to the end of the grant, with the time moved on: by
/// the same rules as the services go by, without their databases and pages. It says where the definition would leave a grant stuck. The same definition and
/// time always give the same result.
/// </summary>
public static class DryRun
{
    /// <summary>What follows the stages of the definition, named like stages.</summary>
    public const string Agreement = "agreement", Payments = "payments", Reports = "reports", Closure = "closure";

    /// <summary>Tries a definition.</summary>
    /// <param name="definition">The definition, published or not yet.</param>
    /// <param name="from">When it is published.</param>
    public static DryRunResult Of(CallDefinition definition, DateTimeOffset from)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var walk = new Walk(definition, from);
        return new DryRunResult(walk.Steps, walk.Go());
    }

    /// <summary>One grant on its way.</summary>
    sealed class Walk(CallDefinition definition, DateTimeOffset from)
    {
        // More people than this no office has.
        const int MostApprovals = 20;

        // Far beyond any grant; keeps the calendar from running out.
        const int LongestMonths = 600, LongestDays = 36_500;

        static readonly IReadOnlySet<Guid> Nobody = new HashSet<Guid>();

        static readonly Guid Anna = Id("applicant"), Officer = Id("officer"), Chair = Id("chair"), Decider = Id("decider");

        readonly List<DryRunStep> steps = [];
        readonly Guid applicationId = Id("application");

        string place = definition.Stages.Count > 0 ? definition.Stages[0].Id : "";
        DateTimeOffset now = from;
        string reference = "";
        DateOnly starts;
        int months;
        Money requested;
        PublishedVersion version = new();
        Application application = new();
        ReviewCase held = null!;
        Decision decision = new();
        Grant grant = null!;
        InventedLedger ledger = new();
        IReadOnlyList<Instalment> instalments = [];

        public IReadOnlyList<DryRunStep> Steps => steps;

        public Stuck? Go()
        {
            foreach (var part in (Func<Stuck?>[])[Shape, Publish, Apply, Check, Evaluate, Decide, Contract, PayAndReport])
                if (part() is { } stuck) return stuck;
            return null;
        }

        /// <summary>What the services cannot carry, whatever the numbers are.</summary>
        Stuck? Shape()
        {
            var stages = definition.Stages;
            foreach (var kind in (string[])["intake", "check", "evaluation", "decision"])
                if (!stages.Any(stage => KindOf(stage) == kind)) return new Stuck(place, $"no-{kind}");
            // An application is taken in, checked, evaluated and decided on, in this order and nothing twice but the evaluation.
            for (var index = 0; index < stages.Count; index++)
            {
                var (stage, kind) = (stages[index], KindOf(stages[index]));
                if (kind is "intake" or "check" or "decision" && stages.Take(index).Any(before => KindOf(before) == kind)) return new Stuck(stage.Id, $"second-{kind}", stage.Title);
                if (index > 0 && Order(kind) < Order(KindOf(stages[index - 1]))) return new Stuck(stage.Id, "order", stage.Title);
            }

            if (stages.FirstOrDefault(stage => stage.Check?.SelectedOnly == true) is { } selected) return new Stuck(selected.Id, "selected-only", selected.Title);
            var intake = stages.First(stage => stage.Intake is not null);
            if (definition.Lots.Count != 1) return new Stuck(intake.Id, "lots", definition.Lots.Count);
            if (intake.Intake!.Cutoffs.Count > 0) return new Stuck(intake.Id, "cutoffs");
            if (intake.Intake.InvitedOnly) return new Stuck(intake.Id, "invited-only");
            foreach (var stage in definition.Evaluations)
            {
                if (stage.Evaluation!.Grid.Sections.FirstOrDefault(section => section.CarriedFrom is not null) is { } carried) return new Stuck(stage.Id, "carried", carried.Label);
            }

            return null;
        }

        Stuck? Publish()
        {
            var intake = definition.Intake;
            place = definition.Stages.First(stage => stage.Intake is not null).Id;
            if (!Dates.IsZone(definition.TimeZone)) return new Stuck(place, "zone", definition.TimeZone);
            if (!Dates.TryInstant(intake.OpensAt, definition.TimeZone, out var opens, out _)) return new Stuck(place, "not-a-moment", intake.OpensAt);
            if (!Dates.TryInstant(intake.ClosesAt, definition.TimeZone, out var closes, out _)) return new Stuck(place, "not-a-moment", intake.ClosesAt);
            if (closes <= opens) return new Stuck(place, "opens-after-closing", intake.OpensAt, intake.ClosesAt);
            if (now > closes) return new Stuck(place, "closed-already", intake.ClosesAt);
            if (definition.Currency is not { Length: 3 } || !definition.Currency.All(char.IsAsciiLetterUpper)) return new Stuck(place, "currency", definition.Currency);
            if (definition.Countries.Count == 0) return new Stuck(place, "countries");
            Happened("published");

            var bytes = CanonicalJson.Serialize(definition);
            version = new PublishedVersion
            {
                CallId = definition.Id, Number = 1, Definition = Encoding.UTF8.GetString(bytes), DefinitionSha256 = CanonicalJson.Sha256Hex(bytes), PublishedAt = now,
            };
            now = now > opens ? now : opens;
            Happened("opened");
            return null;
        }

        Stuck? Apply()
        {
            var (duration, lot) = (definition.Duration, definition.Lots[0]);
            var closes = Moment(definition.Intake.ClosesAt);
            months = duration.MinMonths;
            if (months > LongestMonths) return new Stuck(place, "too-long");
            starts = DraftForm.TryDay(duration.EarliestStart, out var earliest) ? earliest : DateOnly.FromDateTime(Dates.In(closes, definition.TimeZone)).AddMonths(3);
            if (DraftForm.TryDay(duration.LatestEnd, out var latest))
            {
                var soonest = Later(earliest, DateOnly.FromDateTime(Dates.In(closes, definition.TimeZone)));
                if (soonest.AddMonths(months) > latest) return new Stuck(place, "no-time", months, latest);
                starts = starts.AddMonths(months) > latest ? soonest : starts;
            }

            if (definition.Applicants.MinPartners > definition.Applicants.MaxPartners) return new Stuck(place, "partners", definition.Applicants.MinPartners, definition.Applicants.MaxPartners);
            // The largest grant that one organisation may have: it needs the most approvals and has to fit the budget.
            requested = new Money(Math.Min(lot.MaxGrantMinor, definition.Allocation.CapPerOrganisationMinor ?? lot.MaxGrantMinor), definition.Currency);
            if (requested.Minor < lot.MinGrantMinor || requested.Minor <= 0) return new Stuck(place, "no-amount", new Money(lot.MinGrantMinor, definition.Currency), requested);

            var applicant = Applicant.Register(Id("organisation"), new("Udruženje „Proba“", "1", definition.Countries[0], "Glavna", "1", "10000", "Proba"), Anna, now);
            application = Application.Begin(applicationId, definition.Id, version.Number, applicant, Anna, now);
            Happened("draft-begun", requested);
            var values = InventedAnswers.For(definition, requested, months, starts);
            foreach (var question in definition.Questions.Where(question => question.Kind != QuestionKind.File && InventedAnswers.IsAsked(definition, question, values)))
            {
                var answer = values[DraftForm.OfQuestion(question.Id)];
                var limits = question.Kind == QuestionKind.Number && question.Least > question.Most;
                if (limits || answer.Length == 0 && question.Required || DraftForm.Check(definition, DraftForm.OfQuestion(question.Id), answer) is not null)
                    return new Stuck(place, "question", question.Id, question.Label);
            }

            var call = new Call
            {
                Id = definition.Id, Version = 1, DefinitionVersion = 1, Programme = definition.Programme, ReferencePrefix = definition.ReferencePrefix,
                OpensAt = Moment(definition.Intake.OpensAt), ClosesAt = closes,
            };
            var draft = new Draft(
                application, applicant, call, version, definition,
                [.. values.Select(value => new DraftField { ApplicationId = applicationId, Field = value.Key, Value = DraftForm.Normal(definition, value.Key, value.Value), Version = 1, SavedAt = now, SavedBy = Anna })],
                [
                    .. DraftForm.Documents(definition).Select(document => new DraftDocument
                    {
                        ApplicationId = applicationId, DocumentId = document.Id, FileName = $"{document.Id}.pdf", ContentType = "application/pdf", Size = 1, Sha256 = new string('0', 64),
                        UploadedAt = now, UploadedBy = Anna,
                    }),
                ])
            {
                Partners = InventedAnswers.Partners(definition, applicant.Country, applicationId, now),
                Rows = definition.Intake.WithBudget ? [InventedAnswers.Row(definition, requested, applicationId, now)] : [],
            };
            if (draft.Missing() is [var missing, ..]) return new Stuck(place, "not-complete", missing.Field);

            // In the last hour, as most do.
            now = now > closes.AddHours(-1) ? closes : closes.AddHours(-1);
            if (!call.IsOpen(now)) return new Stuck(place, "closed-already", definition.ClosesAt);
            var dossier = SealedDossier.Seal(draft, DraftLabels.ForDossier(definition), Anna, "Ana Probić", now);
            reference = ReferenceCounter.Reference(definition.ReferencePrefix, 1);
            application.Submit(dossier, reference, Anna, now);
            Happened("submitted", reference);
            held = ReviewCase.Receive(new ApplicationSubmitted(
                applicationId, application.Version, now, definition.Id, version.Number, version.DefinitionSha256, reference, dossier.Content.DossierVersion, dossier.Sha256,
                applicant.Id, applicant.Name, application.Title, application.RequestedMinor, application.Currency, Anna));
            now = call.FirstInstantClosed;
            Happened("closed");
            return null;
        }

        Stuck? Check()
        {
            var stage = definition.Stages.First(stage => stage.Check is not null);
            place = stage.Id;
            if (stage.Check!.ClarificationDays is < 0 or > LongestDays) return new Stuck(place, "too-long");
            if (stage.Check.ClarificationDays > 0)
            {
                Wait(1);
                Happened("clarification", stage.Check.ClarificationDays);
            }

            Wait(stage.Check.ClarificationDays + 1);
            application.DecideEligibility(eligible: true);
            held.Do(CaseAction.FindEligible, CaseActor.System);
            Happened("checked", stage.Check.Items.Count);
            return null;
        }

        Stuck? Evaluate()
        {
            var assignments = new List<Assignment>();
            for (var number = 0; number < definition.Evaluations.Count; number++)
            {
                var grid = new Grid(definition, number);
                place = grid.Stage.Id;
                var evaluation = grid.Stage.Evaluation!;
                if (evaluation.Evaluators < 1) return new Stuck(place, "evaluators");
                if (grid.Criteria.FirstOrDefault(criterion => criterion.Step <= 0 || criterion.MaxPoints < criterion.MinPoints || criterion.MinPoints < 0) is { } odd)
                    return new Stuck(place, "scale", odd.Label);

                Wait(7);
                for (var person = 1; person <= evaluation.Evaluators; person++)
                {
                    var evaluator = Id($"evaluator {number}.{person}"); // others than in the evaluation before
                    var assignment = Assignment.Make(applicationId, grid.Number, evaluator, Officer, now, "");
                    assignments.Add(assignment);
                    held.Do(CaseAction.Assign, CaseActor.ProgrammeOfficer);
                    assignment.DeclareImpartial(now);
                }

                Happened(evaluation.FromCountryOfApplicant ? "assigned-national" : "assigned", evaluation.Evaluators, application.Country);
                Wait(14);
                var passed = false;
                foreach (var assignment in assignments.Where(assignment => assignment.Evaluation == grid.Number))
                {
                    foreach (var criterion in grid.Criteria) assignment.Save(criterion.Id, Grid.Scale(criterion)[^1], "Dobro obrazloženo.", now);
                    // No criteria at all: nothing would ever be saved, and nothing could be submitted.
                    if (grid.Criteria.Count == 0) return new Stuck(place, "no-criteria");
                    if (grid.Missing(assignment.Scores) is [var missing, ..]) return new Stuck(place, "scale", missing.Criterion.Label);
                    assignment.Submit(grid, now);
                    passed = held.TakeReview(grid, assignments, Nobody);
                }

                var score = grid.Score(assignments, Nobody) ?? 0;
                if (grid.Fails(assignments, Nobody) is { } shortfall)
                {
                    return shortfall.Part is { } part
                        ? new Stuck(place, "minimum", part, Sentences.Points(shortfall.MinHundredths))
                        : new Stuck(place, "threshold", Sentences.Points(grid.Threshold), Sentences.Points(score));
                }

                Happened("scored", Sentences.Points(score), Sentences.Points(grid.Threshold));
                if (grid.IsLast ? held.State != CaseState.Reviewed : !passed) return new Stuck(place, "not-further");
            }

            var last = Grid.Last(definition);
            var candidate = new Candidate(held, last.Score(assignments, Nobody), last.ReviewsNeeded, requested.Minor);
            place = definition.Stages.First(stage => stage.Decision is not null).Id;
            Wait(7);
            if (RankingList.Build([candidate], last.Threshold, definition.TotalBudgetMinor) is not [{ Fits: true, Place: 1 }])
                return new Stuck(place, "budget", requested, new Money(definition.TotalBudgetMinor, definition.Currency));
            Happened("ranked");
            return null;
        }

        Stuck? Decide()
        {
            var stage = definition.Stages.First(stage => stage.Decision is not null).Decision!;
            if (stage.Recommends != Role.Chair) return new Stuck(place, "recommends", stage.Recommends);
            if (stage.Decides != Role.DecisionMaker) return new Stuck(place, "decides", stage.Decides);
            held.Do(CaseAction.Recommend, CaseActor.Chair);
            var recommendation = new Recommendation
            {
                Id = Id("recommendation"), ApplicationId = applicationId, Number = 1, Fund = true, AmountMinor = requested.Minor, Currency = requested.Currency, Reason = "Dobro.",
                RecordedBy = Chair, RecordedAt = now,
            };
            Happened("recommended", requested);
            Wait(7);
            held.Do(CaseAction.Award, CaseActor.DecisionMaker);
            decision = Sealing.Seal(held, "award", recommendation.AmountMinor, recommendation.Reason, recommendation.Id, Decider, now);
            Happened("decided", new Money(decision.AmountMinor, decision.Currency));

            Wait(1);
            var letter = new Letter
            {
                Id = Id("letter"), Kind = LetterKind.Award, ApplicationId = applicationId, CallId = definition.Id, OrganisationId = application.OrganisationId,
                OrganisationName = application.OrganisationName, Reference = reference, Title = application.Title, AmountMinor = decision.AmountMinor, Currency = decision.Currency,
                Reason = decision.Reason, DecidedAt = decision.DecidedAt, DecisionVersion = held.Version,
            };
            var written = LetterText.Compose(letter, definition);
            letter.Release(Officer, now);
            Happened("letter", written.Count);
            if (stage.Objection is { } objection)
            {
                if (objection.Days is < 0 or > LongestDays) return new Stuck(place, "too-long");
                // Five working days are a week.
                var days = objection.WorkingDays ? objection.Days * 7 / 5 + 2 : objection.Days;
                if (objection.SuspendsContracting)
                {
                    Wait(days + 1);
                    Happened("objections-over", objection.Days);
                }
            }

            return null;
        }

        Stuck? Contract()
        {
            place = Agreement;
            if (!Instalment.CanPlan(definition.Instalments)) return new Stuck(place, "instalments", Sentences.Points(definition.Instalments.Sum(rule => (long)rule.ShareHundredths)));
            if (definition.Signatures.Count == 0) return new Stuck(place, "signatures");
            if (!definition.Payers.Any(payer => payer.Countries.Contains(application.Country))) return new Stuck(place, "payer", application.Country);

            var (callId, awarded) = (definition.Id, new Money(decision.AmountMinor, decision.Currency));
            ledger = new InventedLedger(
                LedgerAccount.ForFunder(callId, awarded.Currency), LedgerAccount.ForCall(callId, awarded.Currency), LedgerAccount.ForGrant(callId, applicationId, awarded.Currency));
            if (ledger.Record(LedgerTransfer.Budget(callId, version.Number, new Money(definition.TotalBudgetMinor, awarded.Currency), version.PublishedAt)) is { } noBudget)
                return new Stuck(place, "ledger", noBudget.ToString());
            if (ledger.Record(LedgerTransfer.Award(callId, applicationId, awarded, decision.DecidedAt, Decider)) is { } noAward) return new Stuck(place, "ledger", noAward.ToString());
            grant = Grant.FromAward(
                applicationId, callId, reference, application.OrganisationId, application.OrganisationName, application.Title, application.DossierSha256!, decision.Sha256, awarded,
                decision.DecidedAt, Decider, reserved: true);

            Wait(3);
            var account = new BankAccount
            {
                Id = Id("account"), ApplicationId = applicationId, Holder = application.OrganisationName, Iban = "BA391290079401028494", BankName = "Banka", Bic = "",
                Language = definition.Languages.Count > 0 ? definition.Languages[0] : Languages.Fallback, GivenBy = Anna, GivenAt = now,
            };
            grant.GiveAccount(account);
            if (PaymentRules.ApprovalsNeeded(awarded.Minor, definition) is not { } people) return new Stuck(place, "approvals", awarded);
            Wait(1);
            var parts = Instalment.Split(awarded, definition.Instalments);
            var grantee = new Grantee { Id = application.OrganisationId, Name = application.OrganisationName, Country = application.Country, Town = "Proba" };
            var text = AgreementText.Write(new(grant, grantee, definition, account, awarded, parts, people, now));
            grant.Offer(awarded);
            instalments = Instalment.Plan(applicationId, callId, awarded, definition.Instalments);
            if (Money.Sum(awarded.Currency, instalments.Select(instalment => instalment.Amount)) != awarded) return new Stuck(place, "instalments", awarded);
            Happened("offered", awarded, instalments.Count, text.Length);
            Wait(3);
            grant.AcceptForGrantee();
            Wait(1);
            grant.AcceptForFunder();
            Happened("in-force");
            return null;
        }

        /// <summary>Reports and payments follow one another as their days come.</summary>
        Stuck? PayAndReport()
        {
            place = Reports;
            if (definition.Reports.FirstOrDefault(report => report.DueDays is < 0 or > LongestDays) is { } late) return new Stuck(place, "report-days", late.Label, late.DueDays);
            var inForce = now;
            var began = Later(starts, DateOnly.FromDateTime(Dates.In(inForce, definition.TimeZone)));
            var ends = began.AddMonths(months);
            var accepted = definition.Reports.Select(report => (Report: report, At: At((report.IsFinal ? ends : began).AddDays(report.DueDays)).AddDays(14))).ToList();
            var interim = new Queue<DateTimeOffset>(accepted.Where(one => !one.Report.IsFinal).Select(one => one.At).Order());
            var last = accepted.Where(one => one.Report.IsFinal).Select(one => (DateTimeOffset?)one.At).Max();

            place = Payments;
            var due = new List<(Instalment Instalment, DateTimeOffset At)>();
            foreach (var (instalment, rule) in instalments.Zip(definition.Instalments))
            {
                if (DueAt(instalment) is not { } moment) return new Stuck(place, instalment.Trigger == Instalment.FinalReportAccepted ? "no-final-report" : "no-report", instalment.Number);
                if (rule.SpentHundredths > 10_000) return new Stuck(place, "spent", instalment.Number, Sentences.Points(rule.SpentHundredths));
                due.Add((instalment, moment));
            }

            var events = accepted.Select(one => (one.At, Do: (Func<Stuck?>)(() => Accept(one.Report)))).Concat(due.Select(one => (one.At, Do: (Func<Stuck?>)(() => Pay(one.Instalment)))));
            foreach (var (at, happens) in events.OrderBy(one => one.At))
            {
                now = now > at ? now : at;
                if (happens() is { } stuck) return stuck;
            }

            var account = ledger[LedgerAccount.GrantOf(applicationId)];
            if (account.CreditsPending != 0 || account.CreditsPosted != grant.AgreedMinor) return new Stuck(Payments, "ledger", nameof(LedgerRefusal.BeyondAward));
            place = Closure;
            now = now > At(ends) ? now : At(ends);
            Wait(1);
            Happened("ended", grant.Agreed!.Value, DateOnly.FromDateTime(Dates.In(now, definition.TimeZone)).AddYears(Math.Clamp(definition.RetentionYears, 0, 1000)));
            return null;

            DateTimeOffset? DueAt(Instalment instalment) => instalment.Trigger switch
            {
                Instalment.AgreementInForce => inForce,
                Instalment.ReportAccepted => interim.TryDequeue(out var next) ? next : null,
                _ => last,
            };
        }

        Stuck? Accept(ReportRule report)
        {
            place = Reports;
            Happened(report.IsFinal ? "final-report" : "report", report.Label);
            return null;
        }

        Stuck? Pay(Instalment instalment)
        {
            place = Payments;
            instalment.Request(now);
            if (PaymentRules.ApprovalsNeeded(instalment.AmountMinor, definition) is not { } needed) return new Stuck(place, "approvals", instalment.Amount);
            if (needed > MostApprovals) return new Stuck(place, "approvals-many", needed, instalment.Amount);
            Happened("due", instalment.Number, instalment.Amount);
            var tied = new HashSet<Guid> { Anna };
            var approvers = new List<Guid>();
            for (var number = 1; instalment.State != InstalmentState.Approved; number++)
            {
                var person = Id($"finance {number}");
                Wait(1);
                if (PaymentRules.RefuseApproval(person, true, instalment.State, Officer, tied, approvers, needed) is { } refusal) return new Stuck(place, "refused", refusal.ToString());
                approvers.Add(person);
                instalment.Approve(PaymentRules.Counting(approvers, tied), needed, now);
            }

            Happened("approved", instalment.Number, approvers.Count);
            if (PaymentRules.RefuseHandling(Id("finance 1"), true, instalment.State, InstalmentAction.PutOnList, tied, approvers, needed) is { } not) return new Stuck(place, "refused", not.ToString());
            instalment.PutOnList();
            Wait(2);
            if (ledger.Record(LedgerTransfer.Payment(definition.Id, applicationId, instalment.Id, instalment.Amount, now, Id("finance 1"))) is { } refused)
                return new Stuck(place, "ledger", refused.ToString());
            instalment.MarkPaid($"{instalment.Number}", DateOnly.FromDateTime(Dates.In(now, definition.TimeZone)), Id("finance 1"), now);
            Happened("paid", instalment.Number, instalment.Amount);
            return null;
        }

        void Happened(string code, params IReadOnlyList<object> arguments) => steps.Add(new DryRunStep(
            place, code, now, Dates.In(now, definition.TimeZone).ToString("s", CultureInfo.InvariantCulture), arguments));

        void Wait(int days) => now = At(DateOnly.FromDateTime(Dates.In(now, definition.TimeZone)).AddDays(days));

        // Ten in the morning exists on every day.
        DateTimeOffset At(DateOnly day) => Moment(day.ToDateTime(new TimeOnly(10, 0)).ToString("s", CultureInfo.InvariantCulture));

        DateTimeOffset Moment(string local) => Dates.TryInstant(local, definition.TimeZone, out var instant, out var problem)
            ? instant
            : throw new InvalidOperationException($"{local} is not a moment in {definition.TimeZone}: {problem}.");

        static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

        static Guid Id(string what) => LedgerTransfer.IdOf($"dry run: {what}");

        static string KindOf(Stage stage) => stage.Intake is not null ? "intake" : stage.Check is not null ? "check" : stage.Evaluation is not null ? "evaluation" : "decision";

        static int Order(string kind) => kind switch { "intake" => 0, "check" => 1, "evaluation" => 2, _ => 3 };
    }
}
