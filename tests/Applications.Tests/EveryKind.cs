using Grants.Contracts.Calls;
using Grants.Testing;

namespace Grants.Applications.Tests;

/// <summary>A call whose form asks every kind of question, some of them only after certain answers.</summary>
public static class EveryKind
{
    public static CallDefinition Call() => World.Call().Asking(
        Ask("short", QuestionKind.Text, "Short name") with { Required = false, MaxCharacters = 10, Lines = 1 },
        Ask("people", QuestionKind.Number, "How many people?") with { Least = 1, Most = 500 },
        Ask("costs", QuestionKind.Money, "Other costs") with { Required = false },
        Ask("from", QuestionKind.Date, "Since when?") with { Required = false },
        Ask("area", QuestionKind.Choice, "Which field?") with { Options = [Option("youth", "Mladi", "Youth"), Option("culture", "Kultura", "Culture"), Option("other", "Drugo", "Other")] },
        Ask("which", QuestionKind.Text, "Which other field?") with { MaxCharacters = 100, Condition = new("area", ["other"]) },
        Ask("groups", QuestionKind.MultipleChoice, "Which groups?") with { Options = [Option("women", "Žene", "Women"), Option("young", "Mladi", "Young people"), Option("old", "Stariji", "Older people")] },
        Ask("partner", QuestionKind.YesNo, "With a partner?"),
        Ask("role", QuestionKind.Choice, "Which role?") with { Options = [Option("lead", "Vodi", "Leads"), Option("helps", "Pomaže", "Helps")], Condition = new("partner", ["yes"]) },
        Ask("why", QuestionKind.Text, "Why only that?") with { MaxCharacters = 100, Condition = new("role", ["helps"]) });

    /// <summary>Answers that are complete: no partner, so nothing is asked about one.</summary>
    public static Dictionary<string, string> Answers() => new()
    {
        ["title"] = "Klupa za sve", ["amount"] = "8.000,00", ["months"] = "6", ["q-people"] = "1 20", ["q-costs"] = "1.234,50", ["q-from"] = "1. 3. 2027.", ["q-area"] = "culture",
        ["q-groups"] = "old,women", ["q-partner"] = "no",
    };

    static Question Ask(string id, QuestionKind kind, string label) => new() { Id = id, Kind = kind, Label = new() { ["bs"] = "bs: " + label, ["en"] = label }, Hint = [], Required = true };

    static Option Option(string id, string bs, string en) => new(id, new() { ["bs"] = bs, ["en"] = en });
}
