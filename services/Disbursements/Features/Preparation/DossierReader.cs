using Grants.Contracts.Applications;
using Grants.Disbursements.Domain;
using Grants.Platform.Files;

namespace Grants.Disbursements.Features.Preparation;

/// <summary>Reads the application that was awarded, as submitted: found by its hash and compared with it.</summary>
public static class DossierReader
{
    /// <summary>The dossier of a grant, or null when the file store does not have it.</summary>
    /// <exception cref="InvalidDataException">It is not what was sealed, or belongs to another application.</exception>
    public static async Task<Dossier?> ReadAsync(FileStore files, Grant grant, CancellationToken ct)
    {
        if (await files.ReadAsync(FileArea.Dossiers, grant.DossierSha256, ct) is not { } bytes) return null;
        var dossier = CanonicalJson.Deserialize<Dossier>(bytes);
        return dossier.ApplicationId == grant.ApplicationId ? dossier : throw new InvalidDataException($"The dossier of grant {grant.ApplicationId} is of another application.");
    }
}
