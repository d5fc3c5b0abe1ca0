using Grants.Contracts.Calls;

namespace Grants.Applications.Domain;

/// <summary>Something wrong with a definition.</summary>
/// <param name="Path">Where, as a JSON Pointer (RFC 6901) into the definition: <c>/stages/2/evaluation/evaluators</c>; empty for the whole.</param>
/// <param name="Code">Which rule: the key of its sentence is <c>problem.</c> and this.</param>
/// <param name="Arguments">What the sentence names, in its order.</param>
public sealed record DefinitionProblem(string Path, string Code, params IReadOnlyList<object> Arguments);

/// <summary>A definition that was checked.</summary>
/// <param name="Definition">What it says; null when it cannot be read as one.</param>
/// <param name="Problems">Everything wrong with it, in the order of the document; empty when it may be published.</param>
public sealed record CheckedDefinition(CallDefinition? Definition, IReadOnlyList<DefinitionProblem> Problems);
