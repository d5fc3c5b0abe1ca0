namespace Grants.Applications.Domain;

/// <summary>A dossier that the applicant replaced by submitting again. It stays what it was, with its files; nobody judges it any more.</summary>
public sealed class SupersededDossier
{
    /// <summary>The application.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>Its number, from 1.</summary>
    public int DossierVersion { get; init; }

    /// <summary>Hash of its bytes.</summary>
    public string DossierSha256 { get; init; } = "";

    /// <summary>When it had been submitted.</summary>
    public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>By whom.</summary>
    public Guid SubmittedBy { get; init; }

    /// <summary>Under this id lie the fields, files, rows and partners it was made from.</summary>
    public Guid RowsId { get; init; }
}
