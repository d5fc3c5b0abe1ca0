using Grants.Applications.Domain;
using Grants.Applications.Features.Calls.Rules;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>A problem as it is shown.</summary>
/// <param name="Path">Where, as a JSON Pointer; empty for the whole.</param>
/// <param name="Line">On which line of the text, from 1.</param>
/// <param name="Code">Which rule.</param>
/// <param name="Message">What is wrong, in the reader's language.</param>
public sealed record ShownProblem(string Path, int Line, string Code, string Message);

/// <summary>A draft that was checked.</summary>
/// <param name="Definition">What it says; null when it cannot be read.</param>
/// <param name="Problems">Everything that keeps it from being published.</param>
public sealed record CheckedDraft(CallDefinition? Definition, IReadOnlyList<ShownProblem> Problems);

/// <summary>Checks drafts: the text by itself, and against the call, the programme and the other calls as they stand now.</summary>
static class DraftChecks
{
    /// <summary>Checks a text that is to become a version of a call.</summary>
    public static async Task<CheckedDraft> Of(ApplicationsDb db, Guid callId, string programme, string text, PageContext page, CancellationToken ct)
    {
        var (definition, found) = Definitions.Check(text);
        var problems = found.ToList();
        if (definition is not null)
        {
            // Another id would publish it as a version of another call.
            if (definition.Id != callId) problems.Add(new("/id", "draft.otherId", callId));
            if (definition.Programme != programme) problems.Add(new("/programme", "draft.otherProgramme", programme));
            // References are unique in the whole service: the second call's first submission would fail.
            if (await db.Calls.AnyAsync(call => call.Id != callId && call.ReferencePrefix == definition.ReferencePrefix, ct))
                problems.Add(new("/referencePrefix", "draft.prefixTaken", definition.ReferencePrefix));
            if (problems.Count == 0) problems.AddRange(await CallPublishing.Refusals(db, definition, ct));
            if (problems.Count == 0 && await CallDefinitions.Newest(db, callId, ct) is { } newest && newest.Version.DefinitionSha256 == CanonicalJson.Sha256Hex(CanonicalJson.Serialize(definition)))
                problems.Add(new("", "draft.noChange", newest.Version.Number));
        }

        var lines = new DefinitionLines(text);
        return new(definition, [.. problems.Select(problem => new ShownProblem(problem.Path, LineOf(problem, lines), problem.Code, DefinitionSentences.Of(page, problem))).OrderBy(problem => problem.Line)]);
    }

    // What is no JSON has no path, but a line where it stops being it.
    static int LineOf(DefinitionProblem problem, DefinitionLines lines) => problem is { Code: "shape.notJson", Arguments: [int line, ..] } ? line : lines.Line(problem.Path);

    /// <summary>What keeps a text from being saved at all; null when nothing does.</summary>
    public static ShownProblem? Refusal(Caller caller, string? programmeBefore, string text, PageContext page)
    {
        var programme = DraftText.Of(text, "programme");
        if (programme is null || programme == programmeBefore || DraftAccess.MayWriteIn(caller, programme)) return null;
        var problem = new DefinitionProblem("/programme", "draft.programmeScope", programme);
        return new(problem.Path, DefinitionLines.LineOf(text, problem.Path), problem.Code, DefinitionSentences.Of(page, problem));
    }
}
