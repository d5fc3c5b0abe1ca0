using System.Text.Json.Serialization;

namespace Grants.Contracts.Calls;

/// <summary>One stage of a call: exactly one of its four parts says what kind of stage it is.</summary>
public sealed record Stage
{
    /// <summary>Stable id, such as <c>concept-note</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its name per language.</summary>
    public required Dictionary<string, string> Title { get; init; }

    /// <summary>Applications are taken in.</summary>
    public Intake? Intake { get; init; }

    /// <summary>An officer checks a list.</summary>
    public CheckStage? Check { get; init; }

    /// <summary>Evaluators score.</summary>
    public Evaluation? Evaluation { get; init; }

    /// <summary>Recommended and decided.</summary>
    public DecisionStage? Decision { get; init; }
}

/// <summary>Applications are taken in.</summary>
/// <param name="OpensAt">Opening as local date and time, <c>yyyy-MM-ddTHH:mm:ss</c>, in the call's zone.</param>
/// <param name="ClosesAt">Closing: the last second in which a submission is accepted.</param>
/// <param name="Cutoffs">For a rolling intake: the moments, in order, at which what came so far goes on to the next stage. Empty for one deadline.</param>
/// <param name="QuestionsUntil">Until when questions are answered, local; empty when there is no limit.</param>
/// <param name="Sections">The form.</param>
/// <param name="WithBudget">Whether the budget is asked for here.</param>
/// <param name="InvitedOnly">Whether only those take part whom the stage before let through.</param>
/// <param name="AnswersFrom">Id of an earlier intake whose answers stand here already and cannot be changed; null when there are none.</param>
/// <param name="AmountMayDifferHundredths">How far the amount may differ from that of the earlier intake; null when it does not matter.</param>
/// <param name="Resubmission">Whether a submitted application may be replaced until the closing.</param>
public sealed record Intake(
    string OpensAt, string ClosesAt, IReadOnlyList<string> Cutoffs, string QuestionsUntil, IReadOnlyList<FormSection> Sections, bool WithBudget, bool InvitedOnly,
    string? AnswersFrom, int? AmountMayDifferHundredths, bool Resubmission);

/// <summary>A part of the form.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Title">Title per language.</param>
/// <param name="Questions">Questions in order.</param>
public sealed record FormSection(string Id, Dictionary<string, string> Title, IReadOnlyList<Question> Questions);

/// <summary>A question of the form.</summary>
public sealed record Question
{
    /// <summary>Stable id within the form, such as <c>problem</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What kind of answer it wants.</summary>
    public required QuestionKind Kind { get; init; }

    /// <summary>The question per language.</summary>
    public required Dictionary<string, string> Label { get; init; }

    /// <summary>Help per language; may be empty.</summary>
    public required Dictionary<string, string> Hint { get; init; }

    /// <summary>Whether it must be answered, where its condition holds.</summary>
    public required bool Required { get; init; }

    /// <summary>For text: limit, counted in characters as people see them after NFC.</summary>
    public int? MaxCharacters { get; init; }

    /// <summary>For text: how many lines the box shows; 1 for a single-line answer.</summary>
    public int? Lines { get; init; }

    /// <summary>For a number: the least; whole.</summary>
    public long? Least { get; init; }

    /// <summary>For a number: the most; whole.</summary>
    public long? Most { get; init; }

    /// <summary>For a choice: what can be chosen.</summary>
    public IReadOnlyList<Option> Options { get; init; } = [];

    /// <summary>For a table: its columns.</summary>
    public IReadOnlyList<Column> Columns { get; init; } = [];

    /// <summary>For a table: most rows.</summary>
    public int? MaxRows { get; init; }

    /// <summary>When it is asked; null for always.</summary>
    public Condition? Condition { get; init; }
}

/// <summary>What kind of answer a question wants.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuestionKind>))]
public enum QuestionKind
{
    /// <summary>Words.</summary>
    [JsonStringEnumMemberName("text")]
    Text,

    /// <summary>A whole number.</summary>
    [JsonStringEnumMemberName("number")]
    Number,

    /// <summary>An amount in the call's currency.</summary>
    [JsonStringEnumMemberName("money")]
    Money,

    /// <summary>A day.</summary>
    [JsonStringEnumMemberName("date")]
    Date,

    /// <summary>One of the options.</summary>
    [JsonStringEnumMemberName("choice")]
    Choice,

    /// <summary>Any of the options.</summary>
    [JsonStringEnumMemberName("multiple-choice")]
    MultipleChoice,

    /// <summary>Yes or no.</summary>
    [JsonStringEnumMemberName("yes-no")]
    YesNo,

    /// <summary>A file.</summary>
    [JsonStringEnumMemberName("file")]
    File,

    /// <summary>An organisation.</summary>
    [JsonStringEnumMemberName("organisation")]
    Organisation,

    /// <summary>Rows of short answers.</summary>
    [JsonStringEnumMemberName("table")]
    Table,
}

/// <summary>One thing that can be chosen.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Label">Its name per language.</param>
public sealed record Option(string Id, Dictionary<string, string> Label);

/// <summary>A column of a table.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Label">Its head per language.</param>
/// <param name="Kind">Text, number, money or date.</param>
public sealed record Column(string Id, Dictionary<string, string> Label, QuestionKind Kind);

/// <summary>A question is asked when an earlier one was answered so.</summary>
/// <param name="Question">Id of the earlier question: a choice, a multiple choice or a yes/no.</param>
/// <param name="AnyOf">Ids of options, or <c>yes</c> and <c>no</c>.</param>
public sealed record Condition(string Question, IReadOnlyList<string> AnyOf);

/// <summary>An officer checks a list.</summary>
/// <param name="SelectedOnly">Whether only the provisionally selected are checked.</param>
/// <param name="Items">The list.</param>
/// <param name="ClarificationDays">How many days an applicant has to answer a question; 0 when none are asked.</param>
public sealed record CheckStage(bool SelectedOnly, IReadOnlyList<CheckItem> Items, int ClarificationDays);

/// <summary>One yes/no item of a check.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Label">What is checked, per language.</param>
/// <param name="Documents">Ids of the documents that show it.</param>
/// <param name="Clarifiable">Whether the applicant is asked before the item can end the application.</param>
public sealed record CheckItem(string Id, Dictionary<string, string> Label, IReadOnlyList<string> Documents, bool Clarifiable);

/// <summary>Evaluators score.</summary>
/// <param name="Grid">By which criteria.</param>
/// <param name="Evaluators">How many evaluators score each application.</param>
/// <param name="FromCountryOfApplicant">Whether the evaluators' role must be scoped to the applicant's country: a national evaluation.</param>
/// <param name="Third">When one more scores; null for never.</param>
/// <param name="Aggregation">How reviews become one score.</param>
/// <param name="Decimals">Decimals the score is rounded to, half up: 0 to 2.</param>
/// <param name="TieBreaks">What decides between equal scores, in order.</param>
/// <param name="Phases">Who may do and see what, in order.</param>
public sealed record Evaluation(
    EvaluationGrid Grid, int Evaluators, bool FromCountryOfApplicant, ThirdRule? Third, Aggregation Aggregation, int Decimals, IReadOnlyList<TieBreak> TieBreaks,
    IReadOnlyList<Phase> Phases);

/// <summary>The evaluation grid. All points are hundredths: 5 points are 500.</summary>
/// <param name="Sections">Sections in order.</param>
/// <param name="ThresholdHundredths">Least total to pass.</param>
public sealed record EvaluationGrid(IReadOnlyList<GridSection> Sections, int ThresholdHundredths)
{
    /// <summary>All criteria that are scored here, in order.</summary>
    [JsonIgnore]
    public IReadOnlyList<Criterion> Criteria => [.. Sections.SelectMany(section => section.Criteria)];
}

/// <summary>A section of the grid.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Label">Its name per language.</param>
/// <param name="MinHundredths">Least total of the section to pass; 0 when it does not eliminate.</param>
/// <param name="CarriedFrom">A section of an earlier evaluation whose score stands here instead of criteria; null when it is scored here.</param>
/// <param name="Criteria">Criteria in order; none when the score is carried.</param>
public sealed record GridSection(string Id, Dictionary<string, string> Label, int MinHundredths, CarriedScore? CarriedFrom, IReadOnlyList<Criterion> Criteria);

/// <summary>Where a section's score comes from.</summary>
/// <param name="Stage">Id of an earlier evaluation.</param>
/// <param name="Section">Id of its section.</param>
public sealed record CarriedScore(string Stage, string Section);

/// <summary>One criterion, scored in steps from <paramref name="MinPoints"/> to <paramref name="MaxPoints"/> and multiplied by <paramref name="Weight"/>.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Label">What is judged, per language.</param>
/// <param name="Guidance">What the points mean, per language.</param>
/// <param name="MinPoints">Lowest points, in hundredths.</param>
/// <param name="MaxPoints">Highest points, in hundredths.</param>
/// <param name="Step">Step of the scale, in hundredths.</param>
/// <param name="Weight">Multiplier, at least 1.</param>
/// <param name="MinHundredths">Fewest points (before the weight) to pass; 0 when it does not eliminate.</param>
/// <param name="Comment">When a comment is compulsory.</param>
/// <param name="Counts">False when it is asked but not summed.</param>
public sealed record Criterion(
    string Id, Dictionary<string, string> Label, Dictionary<string, string> Guidance, int MinPoints, int MaxPoints, int Step, int Weight, int MinHundredths, CommentRule Comment,
    bool Counts);

/// <summary>When a comment is compulsory.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CommentRule>))]
public enum CommentRule
{
    /// <summary>Never.</summary>
    [JsonStringEnumMemberName("never")]
    Never,

    /// <summary>Always.</summary>
    [JsonStringEnumMemberName("always")]
    Always,

    /// <summary>For the lowest, the second lowest and the highest points.</summary>
    [JsonStringEnumMemberName("extremes")]
    Extremes,
}

/// <summary>When the evaluators are so far apart that one more scores.</summary>
/// <param name="DifferenceHundredths">From this difference of totals on; null when a share says it.</param>
/// <param name="ShareHundredths">From this share of the higher total on; null when a difference says it.</param>
/// <param name="UnlessAllBelowThreshold">Not when all are below the threshold anyway.</param>
/// <param name="Result">What counts then.</param>
public sealed record ThirdRule(int? DifferenceHundredths, int? ShareHundredths, bool UnlessAllBelowThreshold, ThirdResult Result);

/// <summary>What counts when one more has scored.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ThirdResult>))]
public enum ThirdResult
{
    /// <summary>The two totals that are closest.</summary>
    [JsonStringEnumMemberName("closest-two")]
    ClosestTwo,

    /// <summary>All.</summary>
    [JsonStringEnumMemberName("all")]
    All,

    /// <summary>The additional one alone.</summary>
    [JsonStringEnumMemberName("third-alone")]
    ThirdAlone,
}

/// <summary>How reviews become one score.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Aggregation>))]
public enum Aggregation
{
    /// <summary>The average of the totals.</summary>
    [JsonStringEnumMemberName("average")]
    Average,

    /// <summary>The total in the middle; the average of the two in the middle.</summary>
    [JsonStringEnumMemberName("median")]
    Median,

    /// <summary>The sum of the totals.</summary>
    [JsonStringEnumMemberName("sum")]
    Sum,
}

/// <summary>What decides between equal scores.</summary>
/// <param name="By">Which kind.</param>
/// <param name="Section">Id of the section, when a section decides; null otherwise.</param>
public sealed record TieBreak(TieBreakKind By, string? Section);

/// <summary>Kinds of tie-breaks.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TieBreakKind>))]
public enum TieBreakKind
{
    /// <summary>The higher score of a section.</summary>
    [JsonStringEnumMemberName("section")]
    Section,

    /// <summary>The earlier submission.</summary>
    [JsonStringEnumMemberName("earlier-submission")]
    EarlierSubmission,

    /// <summary>The smaller amount.</summary>
    [JsonStringEnumMemberName("smaller-request")]
    SmallerRequest,
}

/// <summary>A phase of an evaluation: who works in it and what they see of each other.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Title">Its name per language.</param>
/// <param name="Who">Role code: <c>evaluator</c>, <c>committee-member</c> or <c>chair</c>.</param>
/// <param name="OthersScores">From when on they see the others' scores.</param>
/// <param name="EvaluatorNames">Whether the others' names stand beside the scores.</param>
/// <param name="ApplicantNames">Whether they see who applies; a number stands instead.</param>
public sealed record Phase(string Id, Dictionary<string, string> Title, string Who, Sees OthersScores, bool EvaluatorNames, bool ApplicantNames);

/// <summary>From when on somebody sees the others' scores.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Sees>))]
public enum Sees
{
    /// <summary>Never.</summary>
    [JsonStringEnumMemberName("never")]
    Never,

    /// <summary>When their own review was submitted.</summary>
    [JsonStringEnumMemberName("after-own")]
    AfterOwn,

    /// <summary>When all reviews of the application were.</summary>
    [JsonStringEnumMemberName("when-all-in")]
    WhenAllIn,

    /// <summary>At the meeting of the committee.</summary>
    [JsonStringEnumMemberName("at-meeting")]
    AtMeeting,
}

/// <summary>Recommended and decided.</summary>
/// <param name="Recommends">Role code of who recommends: <c>chair</c>.</param>
/// <param name="Decides">Role code of who decides: <c>decision-maker</c>.</param>
/// <param name="Quorum">Fewest members of the committee at its meeting; 0 when it does not meet.</param>
/// <param name="ReserveList">Whether those that the money did not reach may move up.</param>
/// <param name="Objection">How a decision may be contested; null when it may not.</param>
public sealed record DecisionStage(string Recommends, string Decides, int Quorum, bool ReserveList, ObjectionRule? Objection);

/// <summary>How a decision may be contested.</summary>
/// <param name="Days">How many days after the letter.</param>
/// <param name="WorkingDays">Whether only working days count.</param>
/// <param name="SuspendsContracting">Whether agreements wait for the end of it.</param>
/// <param name="Body">Who decides on it, per language.</param>
public sealed record ObjectionRule(int Days, bool WorkingDays, bool SuspendsContracting, Dictionary<string, string> Body);

/// <summary>Budget headings and their limits.</summary>
/// <param name="Headings">Headings in order.</param>
/// <param name="Limits">Limits.</param>
public sealed record BudgetRules(IReadOnlyList<BudgetHeading> Headings, IReadOnlyList<BudgetLimit> Limits);

/// <summary>A heading of the budget.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Label">Its name per language.</param>
public sealed record BudgetHeading(string Id, Dictionary<string, string> Label);

/// <summary>A limit of the budget, such as indirect costs of at most 7 % of the direct ones.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Label">The limit in words, per language.</param>
/// <param name="Headings">Ids of the headings that are limited, together.</param>
/// <param name="Of">Ids of the headings that the share is of; all when empty.</param>
/// <param name="MaxShareHundredths">Largest share; null when an amount says it.</param>
/// <param name="MaxMinor">Largest amount; null when a share says it.</param>
public sealed record BudgetLimit(
    string Id, Dictionary<string, string> Label, IReadOnlyList<string> Headings, IReadOnlyList<string> Of, int? MaxShareHundredths, long? MaxMinor);
