using System.Globalization;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.AllInOne.DryRun;

/// <summary>What came of sending one invented grant through a call.</summary>
/// <param name="Steps">What happened, in order of time.</param>
/// <param name="Stuck">Where it went no further; null when it reached the end.</param>
public sealed record DryRunResult(IReadOnlyList<DryRunStep> Steps, Stuck? Stuck)
{
    /// <summary>Whether the grant reached its end.</summary>
    public bool Passes => Stuck is null;
}

/// <summary>Something that happened to the invented grant.</summary>
/// <param name="Stage">Id of the stage; after the last stage one of <see cref="DryRun.Agreement"/>, <see cref="DryRun.Payments"/>, <see cref="DryRun.Reports"/> and <see cref="DryRun.Closure"/>.</param>
/// <param name="Code">What happened: the key of its sentence is <c>step.</c> and this.</param>
/// <param name="At">When.</param>
/// <param name="Local">The same by the clock of the call's zone, <c>yyyy-MM-ddTHH:mm:ss</c>.</param>
/// <param name="Arguments">What the sentence names: amounts, days, numbers, and texts per language.</param>
public sealed record DryRunStep(string Stage, string Code, DateTimeOffset At, string Local, IReadOnlyList<object> Arguments)
{
    /// <summary>What happened, for people.</summary>
    public string Sentence(string language) => Sentences.Of($"step.{Code}", language, Arguments);
}

/// <summary>Why the invented grant went no further.</summary>
/// <param name="Stage">Id of the stage, as in <see cref="DryRunStep"/>.</param>
/// <param name="Rule">Which rule of the definition, or limit of the services: the key of its sentence is <c>rule.</c> and this.</param>
/// <param name="Arguments">What the sentence names.</param>
public sealed record Stuck(string Stage, string Rule, params IReadOnlyList<object> Arguments)
{
    /// <summary>The rule, for people.</summary>
    public string Sentence(string language) => Sentences.Of($"rule.{Rule}", language, Arguments);
}

static class Sentences
{
    public static string Of(string key, string language, IReadOnlyList<object> arguments) => Texts.Format(
        Texts.Find(typeof(DryRun), key, language, strict: true), PageContext.DefaultZone,
        [.. arguments.Select(argument => argument is IReadOnlyDictionary<string, string> texts ? LocalText.Pick(texts, language).Text : argument)]);

    /// <summary>Hundredths of a point as people write them.</summary>
    public static string Points(long hundredths) => (hundredths / 100m).ToString("0.##", CultureInfo.InvariantCulture);
}
