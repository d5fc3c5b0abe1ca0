using Grants.Contracts.Calls;
using Grants.Platform.Http;

namespace Grants.Applications.Domain;

/// <content>The stages.</content>
sealed partial class RuleRun
{
    const int MostPoints = 100_000;

    /// <summary>Every stage for itself and an order that can work.</summary>
    public void Stages()
    {
        string[] others = ["/stages/*"];
        if (call.Stages.Count == 0)
        {
            Add("/stages", "stages.none");
            return;
        }

        Ids("/stages", call.Stages.Select(stage => stage.Id));
        if (call.Stages.All(stage => stage.Evaluation is null)) Add("/stages", "stages.noEvaluation");
        if (call.Stages.All(stage => stage.Decision is null)) Add("/stages", "stages.noDecision");
        CheckItems();

        var intakes = new HashSet<string>(StringComparer.Ordinal);
        // What a section of an earlier evaluation can reach at most, by stage and section.
        var evaluated = new Dictionary<string, Dictionary<string, decimal?>>(StringComparer.Ordinal);
        DateTimeOffset? closed = null;
        for (var index = 0; index < call.Stages.Count; index++)
        {
            var (stage, path) = (call.Stages[index], $"/stages/{index}");
            Text($"{path}/title", stage.Title);
            object?[] parts = [stage.Intake, stage.Check, stage.Evaluation, stage.Decision];
            if (parts.Count(part => part is not null) != 1) Add(path, "stage.parts");
            if (index == 0 && stage.Intake is null) Add(path, "stages.firstIntake");

            if (stage.Intake is { } intake)
            {
                var at = $"{path}/intake";
                if (intake.InvitedOnly && evaluated.Count == 0) AddReading($"{at}/invitedOnly", others, "intake.invitedTooEarly");
                if (intake.AnswersFrom is { } from && !intakes.Contains(from)) AddReading($"{at}/answersFrom", others, "intake.answersFrom", Shown(from));
                if (intake.AmountMayDifferHundredths is { } differ)
                {
                    Share($"{at}/amountMayDifferHundredths", differ);
                    if (intake.AnswersFrom is null) AddReading($"{at}/amountMayDifferHundredths", [$"{at}/answersFrom"], "intake.amountWithoutEarlier");
                }

                if (intake.WithBudget && call.Budget.Headings.Count == 0) AddReading($"{at}/withBudget", ["/budget/headings"], "intake.noHeadings");
                closed = Times(intake, at, closed) ?? closed;
                Form(intake, at);
                intakes.Add(stage.Id);
            }

            if (stage.Check is { } check)
            {
                if (check.SelectedOnly && evaluated.Count == 0) AddReading($"{path}/check/selectedOnly", others, "check.selectedTooEarly");
                Check(check, $"{path}/check");
            }

            if (stage.Evaluation is { } evaluation) evaluated[stage.Id] = Evaluate(evaluation, $"{path}/evaluation", evaluated);
            if (stage.Decision is { } decision)
            {
                if (index < call.Stages.Count - 1) AddReading($"{path}/decision", ["/stages"], "stage.decisionNotLast");
                Decide(decision, $"{path}/decision");
            }
        }
    }

    /// <summary>The times of an intake; when it closes.</summary>
    DateTimeOffset? Times(Intake intake, string path, DateTimeOffset? closedBefore)
    {
        var (opens, closes) = (Moment($"{path}/opensAt", intake.OpensAt), Moment($"{path}/closesAt", intake.ClosesAt));
        string[] both = [$"{path}/opensAt", $"{path}/closesAt"];
        if (closes <= opens) AddReading($"{path}/closesAt", both, "intake.closesBeforeOpens");
        if (opens <= closedBefore) AddReading($"{path}/opensAt", ["/stages/**"], "intake.overlaps");
        DateTimeOffset? last = null;
        Each($"{path}/cutoffs", intake.Cutoffs, (written, at) =>
        {
            if (Moment(at, written) is not { } cutoff) return;
            if (cutoff <= opens || cutoff > closes) AddReading(at, both, "cutoff.outside");
            if (cutoff <= last) AddReading(at, [$"{path}/cutoffs"], "cutoff.order");
            last = cutoff;
        });
        if (intake.QuestionsUntil.Length > 0 && Moment($"{path}/questionsUntil", intake.QuestionsUntil) is { } until && (until > closes || until <= opens))
            AddReading($"{path}/questionsUntil", both, "intake.questionsUntil");
        return closes;
    }

    void Form(Intake intake, string path)
    {
        Ids($"{path}/sections", intake.Sections.Select(section => section.Id));
        Ids(
            intake.Sections.SelectMany((section, index) => section.Questions.Select((question, number) => ($"{path}/sections/{index}/questions/{number}/id", question.Id))),
            $"{path}/sections/**");
        var earlier = new Dictionary<string, Question>(StringComparer.Ordinal);
        Each($"{path}/sections", intake.Sections, (section, at) =>
        {
            Text($"{at}/title", section.Title);
            Each($"{at}/questions", section.Questions, (question, here) =>
            {
                Text($"{here}/label", question.Label);
                Text($"{here}/hint", question.Hint, compulsory: false);
                Members(question, here);
                if (question.Condition is { } condition) Asked(condition, $"{here}/condition", $"{path}/sections/**", earlier);
                earlier.TryAdd(question.Id, question);
            });
        });
    }

    void Members(Question question, string path)
    {
        var kind = question.Kind;
        Belongs("maxCharacters", question.MaxCharacters is not null, QuestionKind.Text);
        Belongs("lines", question.Lines is not null, QuestionKind.Text);
        Belongs("least", question.Least is not null, QuestionKind.Number);
        Belongs("most", question.Most is not null, QuestionKind.Number);
        Belongs("options", question.Options.Count > 0, QuestionKind.Choice, QuestionKind.MultipleChoice);
        Belongs("columns", question.Columns.Count > 0, QuestionKind.Table);
        Belongs("maxRows", question.MaxRows is not null, QuestionKind.Table);
        switch (kind)
        {
            case QuestionKind.Text:
                Needed("maxCharacters", question.MaxCharacters, 1, 20_000);
                Needed("lines", question.Lines, 1, 50);
                break;
            case QuestionKind.Number when question.Least > question.Most:
                AddReading($"{path}/least", [$"{path}/most", $"{path}/kind"], "order.minAboveMax", question.Least!, question.Most!);
                break;
            case QuestionKind.Choice or QuestionKind.MultipleChoice:
                if (question.Options.Count < 2) AddReading($"{path}/options", [$"{path}/kind"], "question.options");
                break;
            case QuestionKind.Table:
                if (question.Columns.Count == 0) AddReading($"{path}/columns", [$"{path}/kind"], "question.columns");
                Needed("maxRows", question.MaxRows, 1, 200);
                break;
        }

        Ids($"{path}/options", question.Options.Select(option => option.Id));
        Each($"{path}/options", question.Options, (option, at) => Text($"{at}/label", option.Label));
        Ids($"{path}/columns", question.Columns.Select(column => column.Id));
        Each($"{path}/columns", question.Columns, (column, at) =>
        {
            Text($"{at}/label", column.Label);
            if (column.Kind is not (QuestionKind.Text or QuestionKind.Number or QuestionKind.Money or QuestionKind.Date)) Add($"{at}/kind", "column.kind", "text, number, money, date");
        });

        void Belongs(string member, bool isThere, params ReadOnlySpan<QuestionKind> kinds)
        {
            if (isThere && !kinds.Contains(kind)) AddReading($"{path}/{member}", [$"{path}/kind"], "question.foreign", member, Name(kind));
        }

        void Needed(string member, int? number, int from, int to)
        {
            if (number is { } given) Between($"{path}/{member}", given, from, to);
            else AddReading($"{path}/{member}", [$"{path}/kind"], "question.needs", member, Name(kind));
        }
    }

    void Asked(Condition condition, string path, string form, Dictionary<string, Question> earlier)
    {
        if (condition.AnyOf.Count == 0) Add($"{path}/anyOf", "condition.none");
        if (!earlier.TryGetValue(condition.Question, out var question))
        {
            AddReading($"{path}/question", [form], "condition.question", Shown(condition.Question));
            return;
        }

        if (question.Kind is not (QuestionKind.Choice or QuestionKind.MultipleChoice or QuestionKind.YesNo))
        {
            AddReading($"{path}/question", [form], "condition.kind", Shown(condition.Question), Name(question.Kind));
            return;
        }

        var answers = question.Kind == QuestionKind.YesNo ? ["yes", "no"] : question.Options.Select(option => option.Id).ToHashSet(StringComparer.Ordinal);
        Each($"{path}/anyOf", condition.AnyOf, (answer, at) =>
        {
            if (!answers.Contains(answer)) AddReading(at, [form], "condition.answer", Shown(answer), Shown(condition.Question));
        });
    }

    // Of all checks together: results are kept by the id of the item alone.
    void CheckItems() => Ids(
        call.Stages.SelectMany((stage, index) => (stage.Check?.Items ?? []).Select((item, number) => ($"/stages/{index}/check/items/{number}/id", item.Id))), "/stages/**");

    void Check(CheckStage check, string path)
    {
        var documents = call.Documents.Select(document => document.Id).ToHashSet(StringComparer.Ordinal);
        if (check.Items.Count == 0) Add($"{path}/items", "check.none");
        Each($"{path}/items", check.Items, (item, at) =>
        {
            Text($"{at}/label", item.Label);
            Each($"{at}/documents", item.Documents, (document, here) =>
            {
                if (!documents.Contains(document)) AddReading(here, ["/documents/*"], "check.document", Shown(document));
            });
            if (item.Clarifiable && check.ClarificationDays == 0) AddReading($"{at}/clarifiable", [$"{path}/clarificationDays"], "check.noDays");
        });
        Between($"{path}/clarificationDays", check.ClarificationDays, 0, 90);
    }

    /// <summary>An evaluation; what its sections can reach at most.</summary>
    Dictionary<string, decimal?> Evaluate(Evaluation evaluation, string path, Dictionary<string, Dictionary<string, decimal?>> earlier)
    {
        var reach = Grid(evaluation, $"{path}/grid", $"{path}/evaluators", earlier);
        Between($"{path}/evaluators", evaluation.Evaluators, 1, 9);
        if (evaluation.Third is { } third)
        {
            if (evaluation.Evaluators < 2) AddReading($"{path}/third", [$"{path}/evaluators"], "third.evaluators");
            if (third.DifferenceHundredths is null == third.ShareHundredths is null) Add($"{path}/third", "third.oneOf");
            if (third.DifferenceHundredths is { } difference) Between($"{path}/third/differenceHundredths", difference, 1, int.MaxValue);
            if (third.ShareHundredths is { } share) Share($"{path}/third/shareHundredths", share);
        }

        Between($"{path}/decimals", evaluation.Decimals, 0, 2);
        var seen = new HashSet<TieBreak>();
        Each($"{path}/tieBreaks", evaluation.TieBreaks, (tieBreak, at) =>
        {
            if (tieBreak.By == TieBreakKind.Section && tieBreak.Section is null) AddReading($"{at}/section", [$"{at}/by"], "tieBreak.needsSection");
            else if (tieBreak.By != TieBreakKind.Section && tieBreak.Section is not null) AddReading($"{at}/section", [$"{at}/by"], "tieBreak.foreignSection");
            else if (tieBreak.Section is { } section && !reach.ContainsKey(section)) AddReading($"{at}/section", [$"{path}/grid/sections/*"], "tieBreak.section", Shown(section));
            else if (!seen.Add(tieBreak)) AddReading(at, [$"{path}/tieBreaks/*"], "tieBreak.twice");
        });
        Ids($"{path}/phases", evaluation.Phases.Select(phase => phase.Id));
        Each($"{path}/phases", evaluation.Phases, (phase, at) =>
        {
            Text($"{at}/title", phase.Title);
            Who($"{at}/who", phase.Who, Role.Evaluator, Role.CommitteeMember, Role.Chair);
        });
        return reach;
    }

    Dictionary<string, decimal?> Grid(Evaluation evaluation, string path, string evaluators, Dictionary<string, Dictionary<string, decimal?>> earlier)
    {
        var grid = evaluation.Grid;
        var times = evaluation.Aggregation == Aggregation.Sum ? Math.Max(evaluation.Evaluators, 1) : 1;
        var reach = new Dictionary<string, decimal?>(StringComparer.Ordinal);
        decimal? total = 0;
        Ids($"{path}/sections", grid.Sections.Select(section => section.Id));
        Ids(
            grid.Sections.SelectMany((section, index) => section.Criteria.Select((criterion, number) => ($"{path}/sections/{index}/criteria/{number}/id", criterion.Id))),
            $"{path}/sections/**");
        Each($"{path}/sections", grid.Sections, (section, at) =>
        {
            // The heading of the only section says nothing.
            Text($"{at}/label", section.Label, grid.Sections.Count > 1);
            if (section.CarriedFrom is null == (section.Criteria.Count == 0)) Add(at, "section.oneOf");
            decimal? highest = section.Criteria.Where(criterion => criterion.Counts).Sum(criterion => (decimal)criterion.MaxPoints * criterion.Weight) * times;
            if (section.CarriedFrom is { } carried) highest = Carried(carried, $"{at}/carriedFrom");
            Each($"{at}/criteria", section.Criteria, Score);
            if (section.MinHundredths < 0) Add($"{at}/minHundredths", "points.negative");
            if (section.MinHundredths > highest)
                AddReading($"{at}/minHundredths", [$"{at}/**", evaluators, "/stages/*"], "section.minimum", Hundredths(section.MinHundredths), Hundredths(highest.Value));
            reach.TryAdd(section.Id, highest);
            total += highest;
        });
        if (grid.Sections.All(section => section.CarriedFrom is null && !section.Criteria.Any(criterion => criterion.Counts))) Add($"{path}/sections", "grid.nothingCounts");
        if (grid.ThresholdHundredths <= 0) Add($"{path}/thresholdHundredths", "grid.thresholdPositive");
        else if (grid.ThresholdHundredths > total)
            AddReading($"{path}/thresholdHundredths", [$"{path}/sections/**", evaluators, "/stages/*"], "grid.threshold", Hundredths(grid.ThresholdHundredths), Hundredths(total.Value));
        return reach;

        decimal? Carried(CarriedScore carried, string at)
        {
            if (!earlier.TryGetValue(carried.Stage, out var sections))
            {
                AddReading($"{at}/stage", ["/stages/*"], "carried.stage", Shown(carried.Stage));
                return null;
            }

            if (sections.TryGetValue(carried.Section, out var highest)) return highest;
            AddReading($"{at}/section", ["/stages/**"], "carried.section", Shown(carried.Section), carried.Stage);
            return null;
        }
    }

    void Score(Criterion criterion, string path)
    {
        Text($"{path}/label", criterion.Label);
        Text($"{path}/guidance", criterion.Guidance, compulsory: false);
        Between($"{path}/minPoints", criterion.MinPoints, 0, MostPoints);
        Between($"{path}/maxPoints", criterion.MaxPoints, 1, MostPoints);
        Between($"{path}/weight", criterion.Weight, 1, 100);
        var (least, most) = ($"{path}/minPoints", $"{path}/maxPoints");
        if (criterion.MinPoints >= criterion.MaxPoints)
        {
            AddReading(most, [least], "criterion.points", Hundredths(criterion.MinPoints), Hundredths(criterion.MaxPoints));
            return;
        }

        if (criterion.Step < 1 || ((long)criterion.MaxPoints - criterion.MinPoints) % criterion.Step != 0)
        {
            AddReading($"{path}/step", [least, most], "criterion.step", Hundredths(criterion.MinPoints), Hundredths(criterion.MaxPoints));
            return;
        }

        var isOnScale = criterion.MinHundredths >= criterion.MinPoints && criterion.MinHundredths <= criterion.MaxPoints && ((long)criterion.MinHundredths - criterion.MinPoints) % criterion.Step == 0;
        if (criterion.MinHundredths != 0 && !isOnScale)
            AddReading($"{path}/minHundredths", [least, most, $"{path}/step"], "criterion.minimum", Hundredths(criterion.MinPoints), Hundredths(criterion.MaxPoints), Hundredths(criterion.Step));
    }

    void Decide(DecisionStage decision, string path)
    {
        Who($"{path}/recommends", decision.Recommends, Role.Chair);
        Who($"{path}/decides", decision.Decides, Role.DecisionMaker);
        Between($"{path}/quorum", decision.Quorum, 0, 50);
        if (decision.Objection is not { } objection) return;
        Between($"{path}/objection/days", objection.Days, 1, 90);
        Text($"{path}/objection/body", objection.Body);
    }

    void Who(string path, string role, params string[] allowed)
    {
        if (!allowed.Contains(role, StringComparer.Ordinal)) Add(path, "role.unknown", string.Join(", ", allowed));
    }
}
