using Grants.Platform.Lifecycles;

namespace Grants.Applications.Domain;

/// <summary>An application: first a draft, then a sealed dossier with a reference. Its id is the lifecycle id of the later grant.</summary>
public sealed class Application
{
    /// <summary>Lifecycle id.</summary>
    public Guid Id { get; init; }

    /// <summary>Version of this record, and <c>SubjectVersion</c> of its events.</summary>
    public long Version { get; set; }

    /// <summary>Grows with every saved field and file of the draft, so that what is sealed is what was read.</summary>
    public long DraftRevision { get; set; }

    /// <summary>The call.</summary>
    public Guid CallId { get; init; }

    /// <summary>Version of the call's definition: of the last save, in the end of the dossier.</summary>
    public int CallVersion { get; set; }

    /// <summary>Who applies. One organisation has one application in a call.</summary>
    public Guid OrganisationId { get; init; }

    /// <summary>Where it stands in this service.</summary>
    public ApplicationState State { get; set; }

    /// <summary>When the draft was begun.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who began it.</summary>
    public Guid CreatedBy { get; init; }

    /// <summary>When the draft was last saved.</summary>
    public DateTimeOffset SavedAt { get; set; }

    /// <summary>Short reference people see; null while a draft.</summary>
    public string? Reference { get; set; }

    /// <summary>When the submission arrived.</summary>
    public DateTimeOffset? SubmittedAt { get; set; }

    /// <summary>Who submitted.</summary>
    public Guid? SubmittedBy { get; set; }

    /// <summary>Hash of the sealed dossier.</summary>
    public string? DossierSha256 { get; set; }

    /// <summary>Number of the sealed dossier; 0 while there is none.</summary>
    public int DossierVersion { get; set; }

    /// <summary>
    /// While a submitted application is being changed: under this id lie the fields, files, rows and partners of the copy that is written in. What was submitted stays under
    /// <see cref="Id"/> and stays valid. Null otherwise.
    /// </summary>
    public Guid? CopyId { get; set; }

    /// <summary>When the organisation was reminded that its draft is not submitted; null when it was not.</summary>
    public DateTimeOffset? RemindedAt { get; set; }

    /// <summary>Amount asked for in the dossier, minor units.</summary>
    public long RequestedMinor { get; set; }

    /// <summary>Currency of the amount.</summary>
    public string Currency { get; set; } = "";

    /// <summary>Title of the project in the dossier.</summary>
    public string Title { get; set; } = "";

    /// <summary>Name of the organisation in the dossier.</summary>
    public string OrganisationName { get; set; } = "";

    /// <summary>Country of the organisation in the dossier: the scope of national coordinators.</summary>
    public string Country { get; set; } = "";

    /// <summary>Under this id lies what is being written: the draft, or the copy of what was submitted. A copy that was checked or withdrawn over is nothing any more.</summary>
    public Guid RowsId => IsBeingWritten ? CopyId ?? Id : Id;

    /// <summary>Whether it can be written in: a draft, or a copy of what was submitted and not looked at yet.</summary>
    public bool IsBeingWritten => State == ApplicationState.Draft || State == ApplicationState.Submitted && CopyId is not null;

    /// <summary>Begins a draft.</summary>
    public static Application Begin(Guid id, Guid callId, int callVersion, Organisation organisation, Guid by, DateTimeOffset at) => new()
    {
        Id = id,
        Version = 1,
        CallId = callId,
        CallVersion = callVersion,
        OrganisationId = organisation.Id,
        OrganisationName = organisation.Name,
        Country = organisation.Country,
        State = ApplicationState.Draft,
        CreatedAt = at,
        CreatedBy = by,
        SavedAt = at,
    };

    /// <summary>Hands in what the dossier says.</summary>
    public void Submit(SealedDossier dossier, string reference, Guid by, DateTimeOffset arrivedAt)
    {
        State = ApplicationLifecycle.Table.Next(State, CopyId is null ? ApplicationAction.Submit : ApplicationAction.SubmitAgain, ApplicationRole.Committer);
        Version++;
        CopyId = null;
        DossierVersion = dossier.Content.DossierVersion;
        CallVersion = dossier.Content.Call.Version;
        Reference = reference;
        SubmittedAt = arrivedAt;
        SubmittedBy = by;
        DossierSha256 = dossier.Sha256;
        RequestedMinor = dossier.Content.RequestedMinor;
        Currency = dossier.Content.Currency;
        Title = dossier.Content.Title;
        OrganisationName = dossier.Content.Organisation.Name;
        Country = dossier.Content.Organisation.Country;
    }

    /// <summary>Takes it back; nobody works on it any more.</summary>
    public void Withdraw()
    {
        State = ApplicationLifecycle.Table.Next(State, ApplicationAction.Withdraw, ApplicationRole.Committer);
        CopyId = null;
        Version++;
    }

    /// <summary>Begins a copy of what was submitted, to be changed and submitted again. What was submitted stays valid meanwhile.</summary>
    public void Reopen(Guid copyId)
    {
        if (!ApplicationLifecycle.Table.Allows(State, ApplicationAction.SubmitAgain, ApplicationRole.Committer) || CopyId is not null)
            throw new TransitionRefused(State.ToString(), nameof(Reopen), nameof(ApplicationRole.Committer));
        CopyId = copyId;
        DraftRevision++;
        Version++;
    }

    /// <summary>Ends the check.</summary>
    public void DecideEligibility(bool eligible)
    {
        State = ApplicationLifecycle.Table.Next(
            State, eligible ? ApplicationAction.FindEligible : ApplicationAction.FindIneligible, ApplicationRole.ProgrammeOfficer);
        Version++;
    }
}

/// <summary>One field of a draft. Each has its own version: two people may write in two fields, and in one field nobody is overwritten unseen.</summary>
public sealed class DraftField
{
    /// <summary>The draft.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>Name of the field, see <see cref="DraftForm"/>.</summary>
    public string Field { get; init; } = "";

    /// <summary>What was typed, NFC.</summary>
    public string Value { get; set; } = "";

    /// <summary>Grows with each save of this field.</summary>
    public long Version { get; set; }

    /// <summary>When it was saved.</summary>
    public DateTimeOffset SavedAt { get; set; }

    /// <summary>By whom.</summary>
    public Guid SavedBy { get; set; }
}

/// <summary>What the virus check says of an uploaded document.</summary>
public enum DocumentState
{
    /// <summary>Nothing is wrong with it, or nobody scans here: the bytes are with the attachments.</summary>
    Attached,

    /// <summary>The scanner has not answered yet: the bytes are in quarantine.</summary>
    BeingChecked,

    /// <summary>Something harmful was found: the bytes are deleted.</summary>
    Infected,

    /// <summary>The scanner does not take so many bytes: they are deleted.</summary>
    TooLargeToCheck,
}

/// <summary>A file attached to a draft, in one of the places the call asks for. The bytes are in the file store by their hash.</summary>
public sealed class DraftDocument
{
    /// <summary>The draft.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>Id of the requested document.</summary>
    public string DocumentId { get; init; } = "";

    /// <summary>Name of the file as uploaded.</summary>
    public string FileName { get; set; } = "";

    /// <summary>What its bytes are.</summary>
    public string ContentType { get; set; } = "";

    /// <summary>Bytes.</summary>
    public long Size { get; set; }

    /// <summary>Hash of the bytes.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>What the virus check says. It may still say it after the submission, which does not wait for it.</summary>
    public DocumentState State { get; set; }

    /// <summary>Whether it counts as not uploaded.</summary>
    public bool IsRefused => State is DocumentState.Infected or DocumentState.TooLargeToCheck;

    /// <summary>When it was uploaded.</summary>
    public DateTimeOffset UploadedAt { get; set; }

    /// <summary>By whom.</summary>
    public Guid UploadedBy { get; set; }
}

/// <summary>Somebody tried to submit outside the call's time. The officer sees it; the draft stays as it was.</summary>
public sealed class RefusedAttempt
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; init; }

    /// <summary>The draft.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>The call.</summary>
    public Guid CallId { get; init; }

    /// <summary>The organisation.</summary>
    public string OrganisationName { get; init; } = "";

    /// <summary>Its country, for the scope of national coordinators.</summary>
    public string Country { get; init; } = "";

    /// <summary>Who tried.</summary>
    public Guid PersonId { get; init; }

    /// <summary>Their name.</summary>
    public string PersonName { get; init; } = "";

    /// <summary>When the request arrived.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>The last number given in a call: a row of its own, so that parallel submissions wait for one another here and nowhere else.</summary>
public sealed class ReferenceCounter
{
    /// <summary>The call.</summary>
    public Guid CallId { get; init; }

    /// <summary>Last number given.</summary>
    public long Last { get; set; }

    /// <summary>The reference people see: <c>L4C-2026-00042</c>.</summary>
    public static string Reference(string prefix, long number) => $"{prefix}-{number:D5}";
}

/// <summary>The officer's check of an application. It never changes.</summary>
public sealed class EligibilityCheck
{
    /// <summary>The application.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>Answers as JSON: item id to <see cref="CheckedItem"/>.</summary>
    public string Answers { get; init; } = "{}";

    /// <summary>The outcome.</summary>
    public bool Eligible { get; init; }

    /// <summary>The reason as the applicant reads it: the officer's words, and of a rejection each item it is for.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The officer.</summary>
    public Guid DecidedBy { get; init; }

    /// <summary>Their name.</summary>
    public string DecidedByName { get; init; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset DecidedAt { get; init; }
}
