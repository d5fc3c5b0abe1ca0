using Grants.Contracts.Applications;

namespace Grants.Reviews.Domain;

/// <summary>An application as the evaluation sees it: what was submitted, by whom, and where it stands. Its id is the application's.</summary>
public sealed class ReviewCase
{
    ReviewCase()
    {
    }

    /// <summary>The lifecycle id.</summary>
    public Guid ApplicationId { get; private init; }

    /// <summary>The call.</summary>
    public Guid CallId { get; private init; }

    /// <summary>Version of the call's definition that the dossier was made with: its grid is used.</summary>
    public int CallVersion { get; private set; }

    /// <summary>Hash of that definition.</summary>
    public string DefinitionSha256 { get; private set; } = "";

    /// <summary>Reference people see.</summary>
    public string Reference { get; private set; } = "";

    /// <summary>Hash under which the dossier is in the file store.</summary>
    public string DossierSha256 { get; private set; } = "";

    /// <summary>Number of the submission.</summary>
    public int DossierVersion { get; private set; }

    /// <summary>Id of the lot it is for; empty where the call has one only and the submission did not name it.</summary>
    public string Lot { get; private set; } = "";

    /// <summary>Who applies.</summary>
    public Guid OrganisationId { get; private set; }

    /// <summary>Its name at submission.</summary>
    public string OrganisationName { get; private set; } = "";

    /// <summary>Title of the project.</summary>
    public string Title { get; private set; } = "";

    /// <summary>Language the application is written in; empty when the submission did not say.</summary>
    public string Language { get; private set; } = "";

    /// <summary>Amount asked for, minor units.</summary>
    public long RequestedMinor { get; private set; }

    /// <summary>ISO 4217 code.</summary>
    public string Currency { get; private set; } = "";

    /// <summary>When the submission arrived.</summary>
    public DateTimeOffset SubmittedAt { get; private set; }

    /// <summary>Where it stands.</summary>
    public CaseState State { get; private set; }

    /// <summary>The evaluation it is at: its place among those of the definition, from 0.</summary>
    public int Evaluation { get; private set; }

    /// <summary>Version of the application that the submission had; older news is ignored.</summary>
    public long ApplicationVersion { get; private set; }

    /// <summary>Version of this case: concurrency token, and the version of its events.</summary>
    public long Version { get; private set; }

    /// <summary>The case of a submission.</summary>
    public static ReviewCase Receive(ApplicationSubmitted submitted)
    {
        var made = new ReviewCase { ApplicationId = submitted.ApplicationId, CallId = submitted.CallId, State = CaseState.Received, Version = 1 };
        made.Take(submitted);
        return made;
    }

    /// <summary>A newer submission replaces the dossier while nobody has begun to work on the older.</summary>
    public void Resubmit(ApplicationSubmitted submitted)
    {
        if (State != CaseState.Received) throw new InvalidOperationException($"Application {ApplicationId} is {State}: its dossier cannot be replaced.");
        Take(submitted);
        Version++;
    }

    void Take(ApplicationSubmitted submitted)
    {
        CallVersion = submitted.CallVersion;
        DefinitionSha256 = submitted.DefinitionSha256;
        Reference = submitted.Reference;
        DossierSha256 = submitted.DossierSha256;
        DossierVersion = submitted.DossierVersion;
        Lot = submitted.Lot ?? "";
        OrganisationId = submitted.OrganisationId;
        OrganisationName = submitted.OrganisationName;
        Title = submitted.Title;
        Language = submitted.Language ?? "";
        RequestedMinor = submitted.RequestedMinor;
        Currency = submitted.Currency;
        SubmittedAt = submitted.At;
        ApplicationVersion = submitted.SubjectVersion;
    }

    /// <summary>
    /// Takes a submitted review into account: more are needed, or these are enough; with the last of them the application goes on to the next evaluation, if
    /// one follows and it passed this one.
    /// </summary>
    /// <param name="grid">The grid of the evaluation it is at.</param>
    /// <param name="reviews">Its assignments with their scores, also of other evaluations.</param>
    /// <param name="conflicted">Who must not count.</param>
    /// <returns>True when it went on to the next evaluation.</returns>
    public bool TakeReview(Grid grid, IReadOnlyCollection<Assignment> reviews, IReadOnlySet<Guid> conflicted)
    {
        var enough = grid.Counting(reviews, conflicted).Count() >= grid.Needed(reviews, conflicted);
        var passed = enough && !grid.IsLast && grid.Fails(reviews, conflicted) is null;
        Do(passed ? CaseAction.PassEvaluation : enough ? CaseAction.CompleteReviews : CaseAction.TakeReview, CaseActor.Evaluator);
        if (passed) Evaluation++;
        return passed;
    }

    /// <summary>
    /// Reviews that did not count because of a declared conflict count again: those that came in meanwhile may be enough with them. Nothing changes while more are
    /// needed.
    /// </summary>
    /// <returns>True when it went on to the next evaluation.</returns>
    public bool CountAgain(Grid grid, IReadOnlyCollection<Assignment> reviews, IReadOnlySet<Guid> conflicted)
    {
        if (State is not (CaseState.InReview or CaseState.Reviewed) || grid.Counting(reviews, conflicted).Count() < grid.Needed(reviews, conflicted)) return false;
        var passed = !grid.IsLast && grid.Fails(reviews, conflicted) is null;
        if (passed) Evaluation++;
        if (passed || State == CaseState.InReview) Do(passed ? CaseAction.PassEvaluation : CaseAction.CompleteReviews, CaseActor.Chair);
        return passed;
    }

    /// <summary>Whether the action is possible now.</summary>
    public bool Allows(CaseAction action, CaseActor actor) => CaseLifecycle.Table.Allows(State, action, actor);

    /// <summary>Does the action: the state changes as the table says, and the version grows, so that its event is newer than the one before.</summary>
    public void Do(CaseAction action, CaseActor actor)
    {
        State = CaseLifecycle.Table.Next(State, action, actor);
        Version++;
    }
}

/// <summary>What the check of an application found. Kept apart from the case because it may arrive before the submission does.</summary>
public sealed class EligibilityOutcome
{
    /// <summary>The application.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>Version of the application it came with.</summary>
    public long ApplicationVersion { get; set; }

    /// <summary>The outcome.</summary>
    public bool Eligible { get; set; }

    /// <summary>The officer's reason.</summary>
    public string Reason { get; set; } = "";

    /// <summary>The officer.</summary>
    public Guid DecidedBy { get; set; }

    /// <summary>When.</summary>
    public DateTimeOffset DecidedAt { get; set; }
}
