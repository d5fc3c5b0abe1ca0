using Grants.Notifications.Domain;
using Grants.Testing;

namespace Grants.Notifications.Tests.Domain;

public sealed class LetterLifecycleTests
{
    static readonly Dictionary<(LetterState, LetterAction, LetterActor), LetterState> Allowed = new()
    {
        [(LetterState.Held, LetterAction.Release, LetterActor.ProgrammeOfficer)] = LetterState.Released,
        [(LetterState.Held, LetterAction.Supersede, LetterActor.System)] = LetterState.Superseded,
        [(LetterState.Held, LetterAction.Drop, LetterActor.System)] = LetterState.Dropped,
    };

    [Fact]
    public void The_whole_matrix_is_as_decided()
    {
        var cases = from state in Enum.GetValues<LetterState>() from action in Enum.GetValues<LetterAction>() from actor in Enum.GetValues<LetterActor>() select (state, action, actor);
        foreach (var (state, action, actor) in cases)
        {
            var expected = Allowed.TryGetValue((state, action, actor), out var next);
            Assert.True(expected == LetterLifecycle.Table.Allows(state, action, actor), $"{state} {action} {actor}");
            if (expected) Assert.Equal(next, LetterLifecycle.Table.Next(state, action, actor));
        }
    }

    [Fact]
    public void A_released_letter_stays_released_when_a_newer_decision_comes()
    {
        var letter = new Letter();
        letter.Release(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch);
        letter.Supersede();
        Assert.Equal(LetterState.Released, letter.State);
    }

    [Fact]
    public void The_diagram_in_the_docs_is_the_table()
    {
        Snapshot.Matches("docs/lifecycles/letter.md", $"# Life of an outcome letter\n\nWritten by a test from `services/Notifications/Domain/LetterLifecycle.cs`.\n\n```mermaid\n{LetterLifecycle.Table.ToMermaid()}```\n");
    }
}
