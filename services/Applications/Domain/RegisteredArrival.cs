namespace Grants.Applications.Domain;

/// <summary>How an application came that an officer registered for the applicant.</summary>
public enum ArrivalChannel
{
    /// <summary>On paper: handed in at the counter, or in an envelope.</summary>
    Paper,

    /// <summary>By e-mail.</summary>
    Mail,
}

/// <summary>The arrival of an application on paper or by mail. Who typed it and who applied stay apart: the officer is in here, the applicant in the application.</summary>
public sealed class RegisteredArrival
{
    /// <summary>The application.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>The call.</summary>
    public Guid CallId { get; init; }

    /// <summary>How it came.</summary>
    public ArrivalChannel Channel { get; init; }

    /// <summary>When it arrived.</summary>
    public DateTimeOffset ArrivedAt { get; init; }

    /// <summary>Number in the registry; in a call there is each once.</summary>
    public string RegistryNumber { get; init; } = "";

    /// <summary>Why it is accepted although it arrived after the closing; empty when it was in time.</summary>
    public string LateReason { get; set; } = "";

    /// <summary>When it was registered here.</summary>
    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>The officer.</summary>
    public Guid RegisteredBy { get; init; }

    /// <summary>Their name.</summary>
    public string RegisteredByName { get; init; } = "";

    /// <summary>Longest registry number, and longest reason.</summary>
    public const int NumberCharacters = 50, ReasonCharacters = 1000;

    /// <summary>The channel as contracts and dossiers write it.</summary>
    public string ChannelCode => Channel == ArrivalChannel.Paper ? "paper" : "mail";
}
