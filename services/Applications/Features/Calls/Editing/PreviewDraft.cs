using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>Shows a draft as applicants or as evaluators will see it, in each language of the call, and marks what is not translated.</summary>
public static class PreviewDraft
{
    /// <summary>As whom it is shown.</summary>
    public const string Applicant = "applicant", Evaluator = "evaluator";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/desk/calls/{callId:guid}/draft/preview", Handle).ForRoles("the draft's programme is in the scope of the role", DraftAccess.Readers);

    static async Task<IResult> Handle(Guid callId, string? @as, string? language, Caller caller, ApplicationsDb db, PageContext page, CancellationToken ct)
    {
        if (await DraftAccess.Draft(db, callId, caller, DraftAccess.Readers, ct) is not { } draft) return Pages.NotFound();
        var (definition, problems) = await DraftChecks.Of(db, callId, draft.Programme, draft.Text, page, ct);
        // Without these two there is nothing to show, though it may be read.
        if (definition is { } found && (found.Languages.Count == 0 || !found.Stages.Any(stage => stage.Intake is not null))) definition = null;
        var wanted = definition is null ? "" : definition.Languages.Contains(language) ? language! : definition.Languages.Contains(page.Language) ? page.Language : definition.Languages[0];
        return Pages.Show<PreviewPage>(new
        {
            Draft = draft,
            Definition = definition,
            Problems = problems,
            As = @as == Evaluator ? Evaluator : Applicant,
            Language = wanted,
            Missing = definition is null ? [] : Untranslated.In(definition, wanted),
        });
    }
}
