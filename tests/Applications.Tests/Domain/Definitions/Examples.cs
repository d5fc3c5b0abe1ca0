using System.Text.Json.Nodes;

namespace Grants.Applications.Tests.Domain.Definitions;

/// <summary>For every rule definitions that break it, and nothing else.</summary>
static class Examples
{
    const string Notes = "/stages/0/intake", Form = Notes + "/sections/0/questions", First = "/stages/2/evaluation", Proposals = "/stages/3/intake", Second = "/stages/4/evaluation";

    /// <summary>Those of the shape.</summary>
    public static readonly IReadOnlyList<Example> OfShape =
    [
        new("shape.missing", "/title", Without("/title")),
        new("shape.missing", "/lots/1/minGrantMinor", Without("/lots/1/minGrantMinor")),
        new("shape.missing", Form + "/0/label", Without(Form + "/0/label")),
        new("shape.missing", First + "/grid/sections/0/carriedFrom", Without(First + "/grid/sections/0/carriedFrom")),
        new("shape.unknown", "/titel", With("/titel", "{}")),
        new("shape.unknown", "/a~1b~0c", With("/a~1b~0c", "1")),
        new("shape.unknown", "/stages/1/chek", With("/stages/1/chek", "{}")),
        new("shape.object", "/title", With("/title", "\"Title\"")),
        new("shape.object", "/lots/0", With("/lots/0", "5")),
        new("shape.object", "/cofinancing", With("/cofinancing", "[]")),
        new("shape.object", First, With(First, "[1]")),
        new("shape.object", "/stages/0", With("/stages/0", "\"intake\"")),
        new("shape.list", "/languages", With("/languages", "\"en\"")),
        new("shape.list", "/stages", With("/stages", "{}")),
        new("shape.text", "/programme", With("/programme", "5")),
        new("shape.text", "/title/en", With("/title/en", "[]")),
        new("shape.text", "/languages/0", With("/languages/0", "true")),
        new("shape.text", Proposals + "/answersFrom", With(Proposals + "/answersFrom", "{}")),
        new("shape.number", "/totalBudgetMinor", With("/totalBudgetMinor", "\"1000\"")),
        new("shape.number", "/instalments/1/spentHundredths", With("/instalments/1/spentHundredths", "false")),
        new("shape.truth", "/cofinancing/inKind", With("/cofinancing/inKind", "\"yes\"")),
        new("shape.truth", Notes + "/resubmission", With(Notes + "/resubmission", "1")),
        new("shape.notWhole", "/retentionYears", With("/retentionYears", "5.5")),
        new("shape.notWhole", "/totalBudgetMinor", With("/totalBudgetMinor", "1000.01")),
        new("shape.tooBig", "/totalBudgetMinor", With("/totalBudgetMinor", "9007199254740992")),
        new("shape.tooBig", "/totalBudgetMinor", With("/totalBudgetMinor", "1e400")),
        new("shape.tooBig", First + "/evaluators", With(First + "/evaluators", "3000000000")),
        new("shape.null", "/funder", With("/funder", "null")),
        new("shape.null", "/objectives/0", With("/objectives/0", "null")),
        new("shape.null", "/title/mk", With("/title/mk", "null")),
        new("shape.null", "/grantForm", With("/grantForm", "null")),
        new("shape.value", "/grantForm", With("/grantForm", "\"loan\"")),
        new("shape.value", Form + "/0/kind", With(Form + "/0/kind", "\"essay\"")),
        new("shape.value", "/signatures/0", With("/signatures/0", "7")),
        new("shape.value", "/vat", With("/vat", "\"Eligible\"")),
        new("shape.id", "/id", With("/id", "\"call-1\"")),
        new("shape.id", "/id", With("/id", "\"01930000-0000-7000-8000-000000000001\\n\"")),
    ];

    /// <summary>Those of the rules.</summary>
    public static readonly IReadOnlyList<Example> OfRules =
    [
        new("schema.name", "/schema", With("/schema", "\"grants-platform/call/1\"")),
        new("call.id", "/id", With("/id", "\"00000000-0000-0000-0000-000000000000\"")),
        new("programme.form", "/programme", With("/programme", "\"link\"")),
        new("programme.form", "/programme", With("/programme", "\"ABCDEFGHIJKLMNOPQRSTU\"")),
        new("prefix.form", "/referencePrefix", With("/referencePrefix", "\"L4C 2026\"")),
        new("languages.twice", "/languages/2", With("/languages", """["en", "mk", "en"]""")),
        new("languages.unknown", "/languages/2", With("/languages", """["en", "mk", "MK"]""")),
        new("languages.unknown", "/languages/2", With("/languages", """["en", "mk", "xx"]""")),
        new("text.missing", "/title/mk", Without("/title/mk")),
        new("text.missing", Form + "/0/label/en", Without(Form + "/0/label/en")),
        new("text.missing", Form + "/0/hint/mk", With(Form + "/0/hint", """{ "en": "Be short." }""")),
        new("text.blank", "/summary/en", With("/summary/en", "\" \\n\"")),
        new("text.undeclared", "/whoMayApply/bs", With("/whoMayApply/bs", "\"Udruženja\"")),
        new("text.undeclared", Form + "/0/hint/a~1b", With(Form + "/0/hint/a~1b", "\"\"")),
        new("text.control", "/title/en", With("/title/en", "\"Small\\u0000grants\"")),
        new("text.control", "/lead", With("/lead", "\"Agency\\u001b\"")),
        new("words.blank", "/funder", With("/funder", "\"\"")),
        new("words.blank", "/partners/0", With("/partners/0", "\" \"")),
        new("words.blank", "/payers/0/name", With("/payers/0/name", "\"\"")),
        new("countries.unknown", "/countries/3", With("/countries/3", "\"YU\""), With("/payers/1/countries", """["RS", "YU"]""")),
        new("countries.twice", "/countries/3", With("/countries/3", "\"BA\""), With("/allocation/minGrantsPerCountry", "0")),
        new("payers.noCountry", "/payers/2/countries", With("/payers/2", """{ "name": "None", "countries": [], "currency": "EUR" }""")),
        new("payers.outside", "/payers/1/countries/1", With("/payers/1/countries/1", "\"HR\"")),
        new("payers.twice", "/payers/1/countries/1", With("/payers/1/countries/1", "\"BA\"")),
        new("payers.missing", "/payers", With("/payers/0/countries", """["BA"]""")),
        new("currency.unknown", "/payers/1/currency", With("/payers/1/currency", "\"DIN\"")),
        new("currency.unknown", "/currency", With("/currency", "\"bam\"")),
        new("zone.unknown", "/timeZone", With("/timeZone", "\"Central European Standard Time\"")),
        new("amount.positive", "/applicants/maxYearlyBudgetMinor", With("/applicants/maxYearlyBudgetMinor", "0")),
        new("amount.positive", "/budget/limits/1/maxMinor", With("/budget/limits/1/maxMinor", "-1")),
        new("amount.positive", "/approvals/0/upToMinor", With("/approvals/0/upToMinor", "0")),
        new("amount.positive", "/lots/0/minGrantMinor", With("/lots/0/minGrantMinor", "0")),
        new("budget.tooLarge", "/totalBudgetMinor", With("/totalBudgetMinor", "100000000000001"), With("/lots/1/budgetMinor", "99999996000001")),
        new("lots.sum", "/lots", With("/lots/1/budgetMinor", "5000000")),
        new("lot.minAboveMax", "/lots/0/minGrantMinor", With("/lots/0/maxGrantMinor", "100000")),
        new("lot.maxAboveBudget", "/lots/0/maxGrantMinor", With("/lots/0/maxGrantMinor", "4000001")),
        new("id.form", "/lots/0/id", With("/lots/0/id", "\"Small lot\"")),
        new("id.form", "/indicators/0/id", With("/indicators/0/id", "\"\"")),
        new("id.twice", "/lots/1/id", With("/lots/1/id", "\"small\"")),
        new("id.twice", "/stages/5/id", With("/stages/5/id", "\"check\"")),
        new("id.twice", Notes + "/sections/1/questions/1/id", With(Notes + "/sections/1/questions/1/id", "\"problem\""), Without(Notes + "/sections/1/questions/2/condition")),
        new("id.twice", Form + "/2/options/1/id", With(Form + "/2/options/1/id", "\"youth\"")),
        new("id.twice", "/stages/5/check/items/0/id", With("/stages/5/check/items/0/id", "\"registered\"")),
        new("id.twice", First + "/grid/sections/1/criteria/0/id", With(First + "/grid/sections/1/criteria/0/id", "\"hope\"")),
        new("id.twice", "/documents/1/id", Again("/documents", "/documents/0")),
        new("id.twice", "/budget/headings/2/id", Again("/budget/headings", "/budget/headings/0")),
        new("id.twice", First + "/phases/1/id", With(First + "/phases/1/id", "\"scoring\"")),
        new("share.range", "/cofinancing/maxShareHundredths", With("/cofinancing/maxShareHundredths", "10001")),
        new("share.range", "/allocation/minShareHundredths", With("/allocation/minShareHundredths", "-1")),
        new("share.range", "/instalments/1/spentHundredths", With("/instalments/1/spentHundredths", "10001")),
        new("share.range", "/budget/limits/0/maxShareHundredths", With("/budget/limits/0/maxShareHundredths", "20000")),
        new("order.minAboveMax", "/cofinancing/minShareHundredths", With("/cofinancing/minShareHundredths", "6000")),
        new("order.minAboveMax", "/duration/minMonths", With("/duration/minMonths", "13")),
        new("order.minAboveMax", "/applicants/minPartners", With("/applicants/minPartners", "5")),
        new("order.minAboveMax", Form + "/1/least", With(Form + "/1/least", "1001")),
        new("number.range", "/duration/maxMonths", With("/duration/maxMonths", "121")),
        new("number.range", "/applicants/maxAsLead", With("/applicants/maxAsLead", "0")),
        new("number.range", "/allocation/maxAwardsPerOrganisation", With("/allocation/maxAwardsPerOrganisation", "0")),
        new("number.range", Form + "/0/maxCharacters", With(Form + "/0/maxCharacters", "20001")),
        new("number.range", First + "/grid/sections/0/criteria/1/weight", With(First + "/grid/sections/0/criteria/1/weight", "0")),
        new("number.range", First + "/evaluators", With(First + "/evaluators", "10")),
        new("number.range", First + "/decimals", With(First + "/decimals", "3")),
        new("number.range", First + "/third/differenceHundredths", With(First + "/third/differenceHundredths", "0")),
        new("number.range", "/stages/6/decision/objection/days", With("/stages/6/decision/objection/days", "91")),
        new("number.range", "/stages/6/decision/quorum", With("/stages/6/decision/quorum", "-1")),
        new("number.range", "/reports/0/dueDays", With("/reports/0/dueDays", "0")),
        new("number.range", "/retentionYears", With("/retentionYears", "0")),
        new("number.range", "/retentionYears", With("/retentionYears", "51")),
        new("day.form", "/duration/earliestStart", With("/duration/earliestStart", "\"1.3.2027\"")),
        new("day.form", "/duration/latestEnd", With("/duration/latestEnd", "\"2027-02-29\"")),
        new("duration.doesNotFit", "/duration/latestEnd", With("/duration/latestEnd", "\"2027-05-30\"")),
        new("applicants.foreign", "/applicants/partnersFromAnotherCountry", With("/applicants/partnersFromAnotherCountry", "5")),
        new("applicants.yearsMissing", "/applicants/yearsOfBudget", With("/applicants/yearsOfBudget", "0")),
        new("applicants.yearsWithoutBudget", "/applicants/yearsOfBudget", With("/applicants/maxYearlyBudgetMinor", "null")),
        new("allocation.capBelowMin", "/allocation/capPerOrganisationMinor", With("/allocation/capPerOrganisationMinor", "400000")),
        new("allocation.minGrants", "/allocation/minGrants", With("/allocation/minGrants", "51")),
        new("allocation.minGrantsPerCountry", "/allocation/minGrantsPerCountry", With("/allocation/minGrantsPerCountry", "17")),

        new("stages.none", "/stages", With("/stages", "[]")),
        new("stages.firstIntake", "/stages/0", Moved(1, 0)),
        new("stages.noEvaluation", "/stages", Without("/stages/5"), Without("/stages/4"), Without("/stages/3"), Without("/stages/2")),
        new("stages.noDecision", "/stages", Without("/stages/6")),
        new("stage.parts", "/stages/1", With("/stages/1/check", "null")),
        new("stage.parts", "/stages/1", With("/stages/1/decision", """{ "recommends": "chair", "decides": "decision-maker", "quorum": 0, "reserveList": true, "objection": null }"""))
        {
            Also = [("stage.decisionNotLast", "/stages/1/decision")],
        },
        new("stage.decisionNotLast", "/stages/5/decision", Moved(6, 5)),
        new("check.selectedTooEarly", "/stages/1/check/selectedOnly", With("/stages/1/check/selectedOnly", "true")),
        new("intake.invitedTooEarly", Notes + "/invitedOnly", With(Notes + "/invitedOnly", "true")),
        new("intake.overlaps", Proposals + "/opensAt", With(Proposals + "/opensAt", "\"2027-01-15T23:59:59\"")),
        new("intake.answersFrom", Proposals + "/answersFrom", With(Proposals + "/answersFrom", "\"proposals\"")),
        new("intake.answersFrom", Proposals + "/answersFrom", With(Proposals + "/answersFrom", "\"check\"")),
        new("intake.amountWithoutEarlier", Proposals + "/amountMayDifferHundredths", With(Proposals + "/answersFrom", "null")),
        new("intake.noHeadings", Proposals + "/withBudget", With("/budget", """{ "headings": [], "limits": [] }""")),
        new("moment.form", Notes + "/opensAt", With(Notes + "/opensAt", "\"tomorrow\"")),
        new("moment.form", Notes + "/opensAt", With(Notes + "/opensAt", "\"2026-12-01 08:00:00\"")),
        new("moment.doesNotExist", Proposals + "/closesAt", With(Proposals + "/closesAt", "\"2027-03-28T02:30:00\"")),
        new("moment.existsTwice", Proposals + "/closesAt", With(Proposals + "/closesAt", "\"2027-10-31T02:30:00\"")),
        new("intake.closesBeforeOpens", Proposals + "/closesAt", With(Proposals + "/closesAt", "\"2027-02-15T23:59:59\"")),
        new("intake.questionsUntil", Notes + "/questionsUntil", With(Notes + "/questionsUntil", "\"2027-01-16T00:00:00\"")),
        new("intake.questionsUntil", Notes + "/questionsUntil", With(Notes + "/questionsUntil", "\"2026-01-16T00:00:00\"")),
        new("cutoff.order", Notes + "/cutoffs/1", With(Notes + "/cutoffs/1", "\"2026-12-20T23:59:59\"")),
        new("cutoff.outside", Notes + "/cutoffs/1", With(Notes + "/cutoffs/1", "\"2027-01-16T00:00:00\"")),
        new("question.needs", Form + "/0/maxCharacters", Without(Form + "/0/maxCharacters")),
        new("question.needs", Form + "/0/lines", With(Form + "/0/lines", "null")),
        new("question.needs", Proposals + "/sections/0/questions/2/maxRows", Without(Proposals + "/sections/0/questions/2/maxRows")),
        new("question.foreign", Form + "/1/lines", With(Form + "/1/lines", "5")),
        new("question.foreign", Form + "/0/options", With(Form + "/0/options", """[{ "id": "a", "label": { "en": "A", "mk": "A" } }]""")),
        new("question.foreign", Form + "/0/least", With(Form + "/0/least", "1")),
        new("question.options", Form + "/2/options", With(Form + "/2/options", """[{ "id": "youth", "label": { "en": "A", "mk": "A" } }]""")),
        new("question.columns", Proposals + "/sections/0/questions/2/columns", Without(Proposals + "/sections/0/questions/2/columns")),
        new("column.kind", Proposals + "/sections/0/questions/2/columns/0/kind", With(Proposals + "/sections/0/questions/2/columns/0/kind", "\"file\"")),
        new("condition.question", Form + "/1/condition/question", With(Form + "/1/condition", """{ "question": "theme", "anyOf": ["youth"] }""")),
        new("condition.kind", Form + "/1/condition/question", With(Form + "/1/condition", """{ "question": "problem", "anyOf": ["yes"] }""")),
        new("condition.none", Notes + "/sections/1/questions/1/condition/anyOf", With(Notes + "/sections/1/questions/1/condition/anyOf", "[]")),
        new("condition.answer", Notes + "/sections/1/questions/1/condition/anyOf/0", With(Notes + "/sections/1/questions/1/condition/anyOf/0", "\"sport\"")),
        new("condition.answer", Notes + "/sections/1/questions/2/condition/anyOf/0", With(Notes + "/sections/1/questions/2/condition/anyOf/0", "\"true\"")),
        new("check.none", "/stages/1/check/items", With("/stages/1/check/items", "[]")),
        new("check.document", "/stages/1/check/items/0/documents/0", With("/stages/1/check/items/0/documents/0", "\"passport\"")),
        new("check.noDays", "/stages/1/check/items/0/clarifiable", With("/stages/1/check/clarificationDays", "0")),
        new("criterion.points", First + "/grid/sections/0/criteria/1/maxPoints", With(First + "/grid/sections/0/criteria/1/minPoints", "500")),
        new("criterion.step", First + "/grid/sections/0/criteria/0/step", With(First + "/grid/sections/0/criteria/0/step", "150")),
        new("criterion.step", First + "/grid/sections/0/criteria/0/step", With(First + "/grid/sections/0/criteria/0/step", "0")),
        new("criterion.minimum", First + "/grid/sections/0/criteria/0/minHundredths", With(First + "/grid/sections/0/criteria/0/minHundredths", "250")),
        new("criterion.minimum", First + "/grid/sections/0/criteria/0/minHundredths", With(First + "/grid/sections/0/criteria/0/minHundredths", "600")),
        new("points.negative", First + "/grid/sections/0/minHundredths", With(First + "/grid/sections/0/minHundredths", "-1")),
        new("section.oneOf", First + "/grid/sections/2", With(First + "/grid/sections/2", """{ "id": "empty", "label": { "en": "A", "mk": "A" }, "minHundredths": 0, "carriedFrom": null, "criteria": [] }""")),
        new("section.minimum", First + "/grid/sections/0/minHundredths", With(First + "/grid/sections/0/minHundredths", "1001")),
        new("section.minimum", Second + "/grid/sections/0/minHundredths", With(Second + "/grid/sections/0/minHundredths", "1001")),
        new("grid.nothingCounts", First + "/grid/sections", With(First + "/grid/sections/0/criteria/0/counts", "false"), With(First + "/grid/sections/1/criteria/0/counts", "false"))
        {
            Also = [("section.minimum", First + "/grid/sections/0/minHundredths"), ("grid.threshold", First + "/grid/thresholdHundredths"), ("grid.threshold", Second + "/grid/thresholdHundredths")],
        },
        new("grid.threshold", First + "/grid/thresholdHundredths", With(First + "/grid/thresholdHundredths", "2001")),
        new("grid.threshold", Second + "/grid/thresholdHundredths", With(Second + "/grid/thresholdHundredths", "2001")),
        new("grid.thresholdPositive", First + "/grid/thresholdHundredths", With(First + "/grid/thresholdHundredths", "0")),
        new("carried.stage", Second + "/grid/sections/0/carriedFrom/stage", With(Second + "/grid/sections/0/carriedFrom/stage", "\"second\"")),
        new("carried.section", Second + "/grid/sections/0/carriedFrom/section", With(Second + "/grid/sections/0/carriedFrom/section", "\"plan\"")),
        new("third.oneOf", First + "/third", With(First + "/third/shareHundredths", "3000")),
        new("third.oneOf", First + "/third", With(First + "/third/differenceHundredths", "null")),
        new("third.evaluators", First + "/third", With(First + "/evaluators", "1")),
        new("tieBreak.needsSection", First + "/tieBreaks/0/section", With(First + "/tieBreaks/0/section", "null")),
        new("tieBreak.foreignSection", First + "/tieBreaks/1/section", With(First + "/tieBreaks/1/section", "\"quality\"")),
        new("tieBreak.section", First + "/tieBreaks/0/section", With(First + "/tieBreaks/0/section", "\"plan\"")),
        new("tieBreak.twice", First + "/tieBreaks/3", Again(First + "/tieBreaks", First + "/tieBreaks/1")),
        new("role.unknown", First + "/phases/0/who", With(First + "/phases/0/who", "\"auditor\"")),
        new("role.unknown", "/stages/6/decision/recommends", With("/stages/6/decision/recommends", "\"evaluator\"")),
        new("role.unknown", "/stages/6/decision/decides", With("/stages/6/decision/decides", "\"chair\"")),

        new("limit.headings", "/budget/limits/0/headings", With("/budget/limits/0/headings", "[]")),
        new("limit.unknownHeading", "/budget/limits/0/of/0", With("/budget/limits/0/of/0", "\"travel\"")),
        new("limit.oneOf", "/budget/limits/0", With("/budget/limits/0/maxMinor", "500")),
        new("limit.oneOf", "/budget/limits/1", With("/budget/limits/1/maxMinor", "null")),
        new("signatures.none", "/signatures", With("/signatures", "[]")),
        new("signatures.twice", "/signatures/2", Again("/signatures", "/signatures/0")),
        new("instalments.none", "/instalments", With("/instalments", "[]")),
        new("instalments.sum", "/instalments", With("/instalments/0/shareHundredths", "5001")),
        new("instalment.share", "/instalments/1/shareHundredths", With("/instalments/1/shareHundredths", "0"), With("/instalments/0/shareHundredths", "8000")),
        new("instalment.trigger", "/instalments/1/trigger", With("/instalments/1/trigger", "\"someday\"")),
        new("instalment.first", "/instalments/0/trigger", With("/instalments/0/trigger", "\"report-accepted\"")),
        new("instalment.noReport", "/instalments/1/trigger", Without("/reports/0")),
        new("instalment.noFinalReport", "/instalments/2/trigger", Without("/reports/1")),
        new("approvals.none", "/approvals", With("/approvals", "[]")),
        new("approvals.last", "/approvals/2/upToMinor", With("/approvals/2/upToMinor", "900000")),
        new("approvals.limit", "/approvals/1/upToMinor", With("/approvals/1/upToMinor", "null")),
        new("approvals.order", "/approvals/1/upToMinor", With("/approvals/1/upToMinor", "100000")),
        new("approvals.people", "/approvals/0/people", With("/approvals/0/people", "1")),
        new("approvals.people", "/approvals/2/people", With("/approvals/2/people", "10")),
        new("reports.finals", "/reports/1/isFinal", With("/reports/0/isFinal", "true")) { Also = [("instalment.noReport", "/instalments/1/trigger")] },
    ];

    /// <summary>All that JSON can be made of.</summary>
    public static IEnumerable<Example> All => [.. OfShape, .. OfRules];

    /// <summary>Sets a member or an item; one past the end of a list is added.</summary>
    public static Action<JsonObject> With(string path, string json) => root =>
    {
        var (holder, name) = Holder(root, path);
        var value = JsonNode.Parse(json);
        if (holder is JsonObject members) members[name] = value;
        else if (holder is JsonArray items && int.Parse(name) is var index && index < items.Count) items[index] = value;
        else ((JsonArray)holder).Add(value);
    };

    /// <summary>Takes a member or an item away.</summary>
    public static Action<JsonObject> Without(string path) => root =>
    {
        var (holder, name) = Holder(root, path);
        if (holder is JsonObject members) Assert.True(members.Remove(name), path);
        else ((JsonArray)holder).RemoveAt(int.Parse(name));
    };

    /// <summary>The value of a path.</summary>
    public static JsonNode? At(JsonObject root, string path)
    {
        var (holder, name) = Holder(root, path);
        return holder is JsonObject members ? members[name] : holder[int.Parse(name)];
    }

    static Action<JsonObject> Again(string list, string item) => root => ((JsonArray)At(root, list)!).Add(At(root, item)!.DeepClone());

    static Action<JsonObject> Moved(int from, int to) => root =>
    {
        var stages = (JsonArray)root["stages"]!;
        var stage = stages[from];
        stages.RemoveAt(from);
        stages.Insert(to, stage);
    };

    static (JsonNode Holder, string Name) Holder(JsonObject root, string path)
    {
        JsonNode node = root;
        var names = path.Split('/')[1..].Select(name => name.Replace("~1", "/").Replace("~0", "~")).ToList();
        foreach (var name in names[..^1]) node = (node is JsonArray items ? items[int.Parse(name)] : node[name]) ?? throw new ArgumentException(path);
        return (node, names[^1]);
    }
}

/// <summary>A definition with something wrong.</summary>
sealed record Example(string Code, string Path, params IReadOnlyList<Action<JsonObject>> Changes)
{
    /// <summary>What is wrong besides, as a matter of course.</summary>
    public IReadOnlyList<(string Code, string Path)> Also { get; init; } = [];

    /// <summary>The definition as JSON.</summary>
    public string Json()
    {
        var root = Wide.Json();
        foreach (var change in Changes) change(root);
        return root.ToJsonString();
    }
}
