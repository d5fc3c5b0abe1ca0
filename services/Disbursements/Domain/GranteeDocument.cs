using Grants.Contracts.Calls;

namespace Grants.Disbursements.Domain;

/// <summary>Where an uploaded document of a grantee is.</summary>
public enum GranteeDocumentState
{
    /// <summary>The virus scanner has not answered yet: the bytes are in quarantine.</summary>
    BeingChecked,

    /// <summary>Waits for the officer.</summary>
    Uploaded,

    Accepted,

    /// <summary>The grantee has to upload another.</summary>
    SentBack,

    /// <summary>The virus scanner found something, or could not look into it: the bytes are deleted.</summary>
    Refused,
}

/// <summary>A document that a selected grantee gave. Another upload is another row, so that what was sent back is never lost; the newest counts.</summary>
public sealed class GranteeDocument
{
    public Guid Id { get; init; }

    public long Version { get; set; }

    public Guid ApplicationId { get; init; }

    /// <summary>Id of the document in the call's definition.</summary>
    public string DocumentId { get; init; } = "";

    /// <summary>Whose it is: 0 for the grantee, otherwise the place of the partner in the dossier.</summary>
    public int Partner { get; init; }

    public GranteeDocumentState State { get; set; }

    public string FileName { get; init; } = "";

    public string ContentType { get; init; } = "";

    public long Size { get; init; }

    public string Sha256 { get; init; } = "";

    public Guid UploadedBy { get; init; }

    public DateTimeOffset UploadedAt { get; init; }

    public Guid? DecidedBy { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>Why it was sent back; empty otherwise.</summary>
    public string Reason { get; private set; } = "";

    public void Accept(Guid by, DateTimeOffset at) => Decide(GranteeDocumentState.Accepted, by, at, "");

    public void SendBack(Guid by, DateTimeOffset at, string reason) => Decide(GranteeDocumentState.SentBack, by, at, reason);

    void Decide(GranteeDocumentState state, Guid by, DateTimeOffset at, string reason)
    {
        if (State != GranteeDocumentState.Uploaded) throw new InvalidOperationException($"A document that is {State} is not decided on.");
        (State, DecidedBy, DecidedAt, Reason) = (state, by, at, reason);
        Version++;
    }
}

/// <summary>One document that is wanted, and the newest that was given.</summary>
/// <param name="Wanted">The document in the call's definition.</param>
/// <param name="Partner">Whose: 0 for the grantee.</param>
/// <param name="PartnerName">Name of the partner; empty for the grantee.</param>
/// <param name="Given">The newest, or null.</param>
/// <param name="Earlier">Those before it, newest first.</param>
public sealed record WantedDocument(RequestedDocument Wanted, int Partner, string PartnerName, GranteeDocument? Given, IReadOnlyList<GranteeDocument> Earlier)
{
    public bool IsAccepted => Given?.State == GranteeDocumentState.Accepted;

    /// <summary>Whether the agreement waits for it.</summary>
    public bool IsMissing => Wanted.Required && !IsAccepted;

    /// <summary>Whether the grantee has to do something.</summary>
    public bool IsOwed => Wanted.Required && Given?.State is null or GranteeDocumentState.SentBack or GranteeDocumentState.Refused;

    /// <summary>What is wanted from the selected: each document once, or also once for each partner.</summary>
    public static IReadOnlyList<WantedDocument> Of(CallDefinition call, IReadOnlyList<string> partners, IReadOnlyCollection<GranteeDocument> given) =>
        [.. from wanted in call.DocumentsAt(DocumentMoment.Selected)
            from partner in Enumerable.Range(0, wanted.PerPartner ? partners.Count + 1 : 1)
            let own = given.Where(file => file.DocumentId == wanted.Id && file.Partner == partner).OrderByDescending(file => file.UploadedAt).ThenByDescending(file => file.Id).ToList()
            select new WantedDocument(wanted, partner, partner == 0 ? "" : partners[partner - 1], own.FirstOrDefault(), [.. own.Skip(1)])];
}
