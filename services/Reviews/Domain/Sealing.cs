using System.Text;
using Grants.Platform.Files;

namespace Grants.Reviews.Domain;

/// <summary>Makes decisions, each sealed by the hash of a text that says all of it.</summary>
public static class Sealing
{
    /// <summary>The decision on a case.</summary>
    /// <param name="held">The case.</param>
    /// <param name="outcome"><c>award</c>, <c>reserve</c>, <c>rejection</c> or <c>not-eligible</c>.</param>
    /// <param name="amountMinor">Amount awarded, or that it may get from the reserve list; 0 otherwise.</param>
    /// <param name="reason">Reason given to the applicant.</param>
    /// <param name="recommendationId">The recommendation decided on, if there was one.</param>
    /// <param name="decidedBy">Who decided.</param>
    /// <param name="at">When.</param>
    /// <param name="number">1 for the first decision on the application.</param>
    /// <param name="reservePlace">Place on the reserve list, when it is put there.</param>
    /// <param name="follows">The seal of the decision that this one follows from; null for a first one.</param>
    public static Decision Seal(
        ReviewCase held, string outcome, long amountMinor, string reason, Guid? recommendationId, Guid decidedBy, DateTimeOffset at, int number = 1, int? reservePlace = null,
        string? follows = null)
    {
        var text = CanonicalJson.Serialize(new DecisionText
        {
            ApplicationId = held.ApplicationId,
            Reference = held.Reference,
            DossierSha256 = held.DossierSha256,
            CallId = held.CallId,
            DefinitionSha256 = held.DefinitionSha256,
            Lot = held.Lot,
            Number = number,
            Follows = follows,
            Outcome = outcome,
            ReservePlace = reservePlace,
            AmountMinor = amountMinor,
            Currency = held.Currency,
            Reason = reason,
            RecommendationId = recommendationId,
            DecidedBy = decidedBy,
            DecidedAt = at,
        });
        return new Decision
        {
            ApplicationId = held.ApplicationId,
            Number = number,
            Outcome = outcome switch { "award" => DecisionOutcome.Award, "reserve" => DecisionOutcome.Reserve, _ => DecisionOutcome.Rejection },
            ReservePlace = reservePlace,
            AmountMinor = amountMinor,
            Currency = held.Currency,
            Reason = reason,
            DecidedBy = decidedBy,
            DecidedAt = at,
            Sealed = Encoding.UTF8.GetString(text),
            Sha256 = CanonicalJson.Sha256Hex(text),
        };
    }
}

/// <summary>The text that is hashed to seal a decision. Its members are the format: they stay.</summary>
public sealed record DecisionText
{
    /// <summary>Name and version of the format.</summary>
    public string Schema { get; init; } = "grants-platform/decision/2";

    /// <summary>The application.</summary>
    public required Guid ApplicationId { get; init; }

    /// <summary>Its reference.</summary>
    public required string Reference { get; init; }

    /// <summary>The dossier the decision is about.</summary>
    public required string DossierSha256 { get; init; }

    /// <summary>The call.</summary>
    public required Guid CallId { get; init; }

    /// <summary>Hash of the call's definition.</summary>
    public required string DefinitionSha256 { get; init; }

    /// <summary>The lot; empty where the call has one only.</summary>
    public required string Lot { get; init; }

    /// <summary>1 for the first decision on the application.</summary>
    public required int Number { get; init; }

    /// <summary>The seal of the decision that this one follows from, such as the one that put it on the reserve list; null for a first one.</summary>
    public required string? Follows { get; init; }

    /// <summary><c>award</c>, <c>reserve</c>, <c>rejection</c> or <c>not-eligible</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Place on the reserve list of its lot; null when it was not put there.</summary>
    public required int? ReservePlace { get; init; }

    /// <summary>Amount awarded in minor units, or that it may get from the reserve list; 0 when rejected.</summary>
    public required long AmountMinor { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public required string Currency { get; init; }

    /// <summary>Reason given to the applicant.</summary>
    public required string Reason { get; init; }

    /// <summary>The recommendation decided on; null when the application was not eligible.</summary>
    public required Guid? RecommendationId { get; init; }

    /// <summary>Who decided.</summary>
    public required Guid DecidedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset DecidedAt { get; init; }
}
