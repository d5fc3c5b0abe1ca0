namespace Grants.Platform.Lifecycles;

/// <summary>
/// A state machine as data: which action takes an entity from which state to which. Pages ask the same table which buttons to show, the full matrix is
/// tested, and a test writes the diagram in the docs from it. A pair that is not listed is refused.
/// </summary>
/// <typeparam name="TState">States.</typeparam>
/// <typeparam name="TAction">Actions.</typeparam>
/// <typeparam name="TRole">Who may act.</typeparam>
public sealed class TransitionTable<TState, TAction, TRole>(params Transition<TState, TAction, TRole>[] transitions)
    where TState : struct, Enum where TAction : struct, Enum where TRole : struct, Enum
{
    /// <summary>All transitions, in the order of an entity's life.</summary>
    public IReadOnlyList<Transition<TState, TAction, TRole>> Transitions { get; } = transitions;

    /// <summary>True when somebody in <paramref name="role"/> may do <paramref name="action"/> now.</summary>
    public bool Allows(TState from, TAction action, TRole role) => Find(from, action, role) is not null;

    /// <summary>The state after the action.</summary>
    /// <exception cref="TransitionRefused">The table has no such transition.</exception>
    public TState Next(TState from, TAction action, TRole role) =>
        Find(from, action, role) is { } found ? found.To : throw new TransitionRefused(from.ToString(), action.ToString(), role.ToString());

    Transition<TState, TAction, TRole>? Find(TState from, TAction action, TRole role) =>
        Transitions.FirstOrDefault(t => t.From.Equals(from) && t.Action.Equals(action) && t.Role.Equals(role));

    /// <summary>The table as a Mermaid state diagram.</summary>
    public string ToMermaid() =>
        "stateDiagram-v2\n" + string.Concat(Transitions.Select(t => $"    {t.From} --> {t.To}: {t.Action} ({t.Role})\n"));
}

/// <summary>One line of a <see cref="TransitionTable{TState,TAction,TRole}"/>.</summary>
/// <param name="From">State before.</param>
/// <param name="Action">What is done.</param>
/// <param name="Role">Who may do it.</param>
/// <param name="To">State after.</param>
/// <typeparam name="TState">States.</typeparam>
/// <typeparam name="TAction">Actions.</typeparam>
/// <typeparam name="TRole">Who may act.</typeparam>
public sealed record Transition<TState, TAction, TRole>(TState From, TAction Action, TRole Role, TState To);

/// <summary>An action that the state does not allow; pages turn it into a sentence (409), never into a stack trace.</summary>
public sealed class TransitionRefused(string from, string action, string role) : Exception($"'{action}' by '{role}' is not possible in state '{from}'.");
