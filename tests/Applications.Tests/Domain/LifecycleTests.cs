using Grants.Applications.Domain;
using Grants.Platform.Lifecycles;
using Grants.Testing;

namespace Grants.Applications.Tests.Domain;

public sealed class LifecycleTests
{
    static readonly Dictionary<(ApplicationState, ApplicationAction, ApplicationRole), ApplicationState> Allowed = new()
    {
        [(ApplicationState.Draft, ApplicationAction.Submit, ApplicationRole.Committer)] = ApplicationState.Submitted,
        [(ApplicationState.Submitted, ApplicationAction.FindEligible, ApplicationRole.ProgrammeOfficer)] = ApplicationState.Eligible,
        [(ApplicationState.Submitted, ApplicationAction.FindIneligible, ApplicationRole.ProgrammeOfficer)] = ApplicationState.Ineligible,
        [(ApplicationState.Submitted, ApplicationAction.SubmitAgain, ApplicationRole.Committer)] = ApplicationState.Submitted,
        [(ApplicationState.Submitted, ApplicationAction.Withdraw, ApplicationRole.Committer)] = ApplicationState.Withdrawn,
        [(ApplicationState.Eligible, ApplicationAction.Withdraw, ApplicationRole.Committer)] = ApplicationState.Withdrawn,
        [(ApplicationState.Ineligible, ApplicationAction.Withdraw, ApplicationRole.Committer)] = ApplicationState.Withdrawn,
    };

    public static TheoryData<ApplicationState, ApplicationAction, ApplicationRole> Matrix()
    {
        var matrix = new TheoryData<ApplicationState, ApplicationAction, ApplicationRole>();
        var all = from state in Enum.GetValues<ApplicationState>()
                  from action in Enum.GetValues<ApplicationAction>()
                  from role in Enum.GetValues<ApplicationRole>()
                  select (state, action, role);
        foreach (var (state, action, role) in all) matrix.Add(state, action, role);
        return matrix;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Every_action_in_every_state_by_every_role_does_what_the_table_says(ApplicationState state, ApplicationAction action, ApplicationRole role)
    {
        if (Allowed.TryGetValue((state, action, role), out var next)) Assert.Equal(next, ApplicationLifecycle.Table.Next(state, action, role));
        else Assert.Throws<TransitionRefused>(() => ApplicationLifecycle.Table.Next(state, action, role));
    }

    [Fact]
    public void The_diagram_in_the_docs_is_the_table() => Snapshot.Matches(
        "docs/lifecycles/application.md",
        $"# Application\n\nOf an application in the service Applications. What comes after the check is told by its timeline.\n\n```mermaid\n{ApplicationLifecycle.Table.ToMermaid()}```\n");
}
