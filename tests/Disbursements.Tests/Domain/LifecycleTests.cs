using Grants.Disbursements.Domain;
using Grants.Platform.Lifecycles;
using Grants.Testing;

namespace Grants.Disbursements.Tests.Domain;

public sealed class LifecycleTests
{
    static readonly Dictionary<(GrantState, GrantAction, Actor), GrantState> Grants = new()
    {
        [(GrantState.Incident, GrantAction.ResolveIncident, Actor.System)] = GrantState.InPreparation,
        [(GrantState.InPreparation, GrantAction.GiveAccount, Actor.Grantee)] = GrantState.AccountGiven,
        [(GrantState.AccountGiven, GrantAction.GiveAccount, Actor.Grantee)] = GrantState.AccountGiven,
        [(GrantState.AccountGiven, GrantAction.OfferAgreement, Actor.ProgrammeOfficer)] = GrantState.AgreementOffered,
        [(GrantState.AgreementOffered, GrantAction.AcceptForGrantee, Actor.Grantee)] = GrantState.AcceptedByGrantee,
        [(GrantState.AcceptedByGrantee, GrantAction.AcceptForFunder, Actor.DecisionMaker)] = GrantState.InForce,
        [(GrantState.InForce, GrantAction.GiveAccount, Actor.Grantee)] = GrantState.InForce,
        [(GrantState.InForce, GrantAction.ConfirmAccount, Actor.ProgrammeOfficer)] = GrantState.InForce,
        [(GrantState.InForce, GrantAction.Cancel, Actor.DecisionMaker)] = GrantState.Cancelled,
        [(GrantState.Incident, GrantAction.Lapse, Actor.Grantee)] = GrantState.Lapsed,
        [(GrantState.Incident, GrantAction.Lapse, Actor.ProgrammeOfficer)] = GrantState.Lapsed,
        [(GrantState.Incident, GrantAction.Lapse, Actor.System)] = GrantState.Lapsed,
        [(GrantState.InPreparation, GrantAction.Lapse, Actor.Grantee)] = GrantState.Lapsed,
        [(GrantState.InPreparation, GrantAction.Lapse, Actor.ProgrammeOfficer)] = GrantState.Lapsed,
        [(GrantState.InPreparation, GrantAction.Lapse, Actor.System)] = GrantState.Lapsed,
        [(GrantState.AccountGiven, GrantAction.Lapse, Actor.Grantee)] = GrantState.Lapsed,
        [(GrantState.AccountGiven, GrantAction.Lapse, Actor.ProgrammeOfficer)] = GrantState.Lapsed,
        [(GrantState.AccountGiven, GrantAction.Lapse, Actor.System)] = GrantState.Lapsed,
        [(GrantState.AgreementOffered, GrantAction.Lapse, Actor.Grantee)] = GrantState.Lapsed,
        [(GrantState.AgreementOffered, GrantAction.Lapse, Actor.ProgrammeOfficer)] = GrantState.Lapsed,
        [(GrantState.AgreementOffered, GrantAction.Lapse, Actor.System)] = GrantState.Lapsed,
        [(GrantState.AcceptedByGrantee, GrantAction.Lapse, Actor.Grantee)] = GrantState.Lapsed,
        [(GrantState.AcceptedByGrantee, GrantAction.Lapse, Actor.ProgrammeOfficer)] = GrantState.Lapsed,
        [(GrantState.AcceptedByGrantee, GrantAction.Lapse, Actor.System)] = GrantState.Lapsed,
    };

    static readonly Dictionary<(InstalmentState, InstalmentAction, Actor), InstalmentState> Instalments = new()
    {
        [(InstalmentState.Planned, InstalmentAction.Request, Actor.System)] = InstalmentState.Requested,
        [(InstalmentState.Requested, InstalmentAction.Approve, Actor.FinanceOfficer)] = InstalmentState.Requested,
        [(InstalmentState.Requested, InstalmentAction.ApproveLast, Actor.FinanceOfficer)] = InstalmentState.Approved,
        [(InstalmentState.Approved, InstalmentAction.Approve, Actor.FinanceOfficer)] = InstalmentState.Requested,
        [(InstalmentState.Approved, InstalmentAction.ApproveLast, Actor.FinanceOfficer)] = InstalmentState.Approved,
        [(InstalmentState.Approved, InstalmentAction.PutOnList, Actor.FinanceOfficer)] = InstalmentState.Listed,
        [(InstalmentState.Listed, InstalmentAction.MarkPaid, Actor.FinanceOfficer)] = InstalmentState.Paid,
        [(InstalmentState.Listed, InstalmentAction.Return, Actor.FinanceOfficer)] = InstalmentState.Requested,
        [(InstalmentState.Paid, InstalmentAction.Return, Actor.FinanceOfficer)] = InstalmentState.Requested,
        [(InstalmentState.Requested, InstalmentAction.UndoApprovals, Actor.ProgrammeOfficer)] = InstalmentState.Requested,
        [(InstalmentState.Approved, InstalmentAction.UndoApprovals, Actor.ProgrammeOfficer)] = InstalmentState.Requested,
        [(InstalmentState.Planned, InstalmentAction.Cancel, Actor.System)] = InstalmentState.Cancelled,
        [(InstalmentState.Requested, InstalmentAction.Cancel, Actor.System)] = InstalmentState.Cancelled,
        [(InstalmentState.Approved, InstalmentAction.Cancel, Actor.System)] = InstalmentState.Cancelled,
    };

    public static TheoryData<GrantState, GrantAction, Actor> GrantMatrix() => Matrix<GrantState, GrantAction>();

    public static TheoryData<InstalmentState, InstalmentAction, Actor> InstalmentMatrix() => Matrix<InstalmentState, InstalmentAction>();

    [Theory]
    [MemberData(nameof(GrantMatrix))]
    public void Every_action_on_a_grant_in_every_state_by_everybody_does_what_is_expected(GrantState state, GrantAction action, Actor actor) =>
        AssertTable(GrantLifecycle.Table, Grants, state, action, actor);

    [Theory]
    [MemberData(nameof(InstalmentMatrix))]
    public void Every_action_on_an_instalment_in_every_state_by_everybody_does_what_is_expected(InstalmentState state, InstalmentAction action, Actor actor) =>
        AssertTable(InstalmentLifecycle.Table, Instalments, state, action, actor);

    [Fact]
    public void The_diagram_of_a_grant_in_the_docs_is_the_table() => Snapshot.Matches("docs/lifecycles/grant.md", Page("grant", "GrantLifecycle", GrantLifecycle.Table.ToMermaid()));

    [Fact]
    public void The_diagram_of_an_instalment_in_the_docs_is_the_table() =>
        Snapshot.Matches("docs/lifecycles/instalment.md", Page("instalment", "InstalmentLifecycle", InstalmentLifecycle.Table.ToMermaid()));

    static string Page(string what, string file, string diagram) =>
        $"# Life of {(what == "instalment" ? "an" : "a")} {what}\n\nWritten by a test from `services/Disbursements/Domain/{file}.cs`.\n\n```mermaid\n{diagram}```\n";

    static void AssertTable<TState, TAction>(
        TransitionTable<TState, TAction, Actor> table, Dictionary<(TState, TAction, Actor), TState> expected, TState state, TAction action, Actor actor)
        where TState : struct, Enum where TAction : struct, Enum
    {
        if (expected.TryGetValue((state, action, actor), out var next)) Assert.Equal(next, table.Next(state, action, actor));
        else Assert.Throws<TransitionRefused>(() => table.Next(state, action, actor));
    }

    static TheoryData<TState, TAction, Actor> Matrix<TState, TAction>() where TState : struct, Enum where TAction : struct, Enum
    {
        var matrix = new TheoryData<TState, TAction, Actor>();
        var all = from state in Enum.GetValues<TState>()
                  from action in Enum.GetValues<TAction>()
                  from actor in Enum.GetValues<Actor>()
                  select (state, action, actor);
        foreach (var (state, action, actor) in all) matrix.Add(state, action, actor);
        return matrix;
    }
}
