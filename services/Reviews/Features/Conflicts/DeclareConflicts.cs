using Grants.Contracts.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Conflicts;

/// <summary>
/// Who takes part in the evaluation of a call declares about every organisation in it, by names and countries only, before reading anything. When others come
/// in later, they are asked about those.
/// </summary>
public static class DeclareConflicts
{
    /// <summary>Longest description of a conflict.</summary>
    public const int LongestReason = 1000;

    const string Relation = "call in scope; own declarations only";

    /// <summary>What the page shows.</summary>
    /// <param name="CallId">The call.</param>
    /// <param name="Definition">Its newest definition.</param>
    /// <param name="Undeclared">What the reader has not declared about, by name.</param>
    /// <param name="Declared">What the reader declared.</param>
    public sealed record View(Guid CallId, CallDefinition Definition, IReadOnlyList<Party> Undeclared, IReadOnlyList<ConflictDeclaration> Declared);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/reviews/calls/{callId:guid}/conflicts", Show).ForRoles(Relation, Ties.Declaring);
        routes.MapPost("/reviews/calls/{callId:guid}/conflicts", Handle).ForRoles(Relation, Ties.Declaring);
        routes.MapPost("/reviews/calls/{callId:guid}/conflicts/later", HandleLater).ForRoles(Relation, Ties.Declaring);
    }

    /// <summary>Name of the hidden field that says that an organisation stood on the page.</summary>
    public static string ListedField(Guid party) => $"listed-{party}";

    /// <summary>Name of the tick for a conflict with an organisation.</summary>
    public static string ConflictField(Guid party) => $"conflict-{party}";

    /// <summary>Name of the field that says which conflict.</summary>
    public static string ReasonField(Guid party) => $"reason-{party}";

    /// <summary>To the list, and back from it to where the reader wanted to go.</summary>
    public static IResult First(Guid callId, string path) => Results.Redirect($"/reviews/calls/{callId}/conflicts?return={Uri.EscapeDataString(path)}");

    /// <summary>To the list when that is what keeps the reader from an application of the ranking; null when it is something else.</summary>
    public static async Task<IResult?> FirstAsync(ReviewsDb db, Guid callId, Guid applicationId, Caller caller, string[] roles, CancellationToken ct) =>
        await CaseFile.LoadAsync(db, applicationId, ct) is { } file && file.Case.CallId == callId && IsListed(file.Case) && file.Reaches(caller, roles)
            && file.Ties.MustDeclare(caller, file.Place, roles)
            ? First(callId, $"/ranking/{callId}/applications/{applicationId}")
            : null;

    static async Task<IResult> Show(Guid callId, HttpRequest request, Caller caller, ReviewsDb db, CancellationToken ct) =>
        await LoadAsync(db, callId, caller, ct) is { } view
            ? Pages.Show<DeclareConflictsPage>(new { View = view, Return = request.Query["return"].ToString() })
            : Pages.NotFound();

    static Task<IResult> Handle(Guid callId, Caller caller, ReviewsDb db, AppTime clock, PageContext page, PostedForm form, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            if (await LoadAsync(db, callId, caller, ct) is not { } view) return Pages.NotFound();
            // Only what stood on the page: one that came in since was not seen, and is asked about next.
            var asked = view.Undeclared.Where(party => form.Has(ListedField(party.Id))).ToList();
            var errors = new FieldErrors();
            foreach (var party in asked)
            {
                var (conflict, reason) = (form[ConflictField(party.Id)].Length > 0, form[ReasonField(party.Id)]);
                if (conflict && reason.Length == 0) errors.Add(ReasonField(party.Id), page.Text<DeclareConflictsPage>("list.error.reason", party.Name));
                if (!conflict && reason.Length > 0) errors.Add(ConflictField(party.Id), page.Text<DeclareConflictsPage>("list.error.tick", party.Name));
                if (reason.Length > LongestReason) errors.Add(ReasonField(party.Id), page.Text<DeclareConflictsPage>("list.error.long", party.Name, LongestReason));
            }

            if (asked.Count > 0 && form["confirm"].Length == 0) errors.Add("confirm", page.Text<DeclareConflictsPage>("list.error.confirm"));
            if (!errors.None)
                return Pages.Show<DeclareConflictsPage>(new { View = view, Return = form["return"], Typed = form, Problems = errors }, StatusCodes.Status422UnprocessableEntity);

            foreach (var party in asked)
            {
                var declaration = ConflictDeclaration.Make(callId, caller.PersonId, party, form[ReasonField(party.Id)], clock.Now);
                db.ConflictDeclarations.Add(declaration);
                db.Audit(clock.Now, caller.PersonId, declaration.KeepsOut ? "conflict.declared" : "conflict.none-declared", declaration.Id, declaration.KeepsOut ? declaration.Reason : null);
            }

            await db.SaveChangesAsync(ct);
            return Results.Redirect(form["return"].Length > 0 ? Pages.LocalPath(form["return"]) : $"/reviews/calls/{callId}/conflicts");
        });

    static Task<IResult> HandleLater(Guid callId, Caller caller, ReviewsDb db, AppTime clock, PageContext page, PostedForm form, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            if (await LoadAsync(db, callId, caller, ct) is not { } view) return Pages.NotFound();
            var (posted, reason) = (form["later"], form["later-reason"]);
            var chosen = view.Declared.FirstOrDefault(declaration => string.Equals(declaration.PartyId.ToString(), posted, StringComparison.OrdinalIgnoreCase));
            var done = Results.Redirect($"/reviews/calls/{callId}/conflicts");
            if (chosen is { KeepsOut: true }) return done; // the second click
            var errors = new FieldErrors();
            if (chosen is null) errors.Add("later", page.Text<DeclareConflictsPage>("later.error.whom"));
            if (reason.Length == 0) errors.Add("later-reason", page.Text<DeclareConflictsPage>("later.error.reason"));
            if (reason.Length > LongestReason) errors.Add("later-reason", page.Text<DeclareConflictsPage>("later.error.long", LongestReason));
            if (!errors.None) return Pages.Show<DeclareConflictsPage>(new { View = view, Typed = form, Problems = errors }, StatusCodes.Status422UnprocessableEntity);

            chosen!.DeclareConflict(reason, clock.Now);
            db.Audit(clock.Now, caller.PersonId, "conflict.declared", chosen.Id, reason);
            await db.SaveChangesAsync(ct);
            return done;
        });

    static async Task<View?> LoadAsync(ReviewsDb db, Guid callId, Caller caller, CancellationToken ct)
    {
        if (await db.Calls.AsNoTracking().SingleOrDefaultAsync(one => one.Id == callId, ct) is not { NewestVersion: > 0 } call) return null;
        var definition = (await Definitions.FindAsync(db, callId, call.NewestVersion, ct))!.Value.Definition;
        if (!definition.Countries.Any(country => caller.Holds(new Place(call.Programme, callId, country), Ties.Declaring))) return null;

        var cases = (await db.Cases.AsNoTracking().Where(one => one.CallId == callId).ToListAsync(ct)).Where(IsListed).ToList();
        var ties = await Ties.OfAsync(db, cases, ct);
        // Whoever belongs to one of them is kept out of that application anyway.
        var parties = ties.Values.Where(one => caller.Holds(new Place(call.Programme, callId, one.Country), Ties.Declaring) && !one.Members.Contains(caller.PersonId))
            .SelectMany(one => one.Parties).DistinctBy(party => party.Id).ToList();
        var declared = await db.ConflictDeclarations.Where(one => one.CallId == callId && one.PersonId == caller.PersonId).ToListAsync(ct);
        return new View(
            callId, definition,
            [.. parties.ExceptBy(declared.Select(one => one.PartyId), party => party.Id).OrderBy(party => party.Name, StringComparer.Ordinal).ThenBy(party => party.Id)],
            [.. declared.OrderBy(one => one.PartyName, StringComparer.Ordinal).ThenBy(one => one.PartyId)]);
    }

    // Until the check is finished nobody evaluates, and what was withdrawn nobody evaluates any more.
    static bool IsListed(ReviewCase one) => one.State is not (CaseState.Received or CaseState.Ineligible or CaseState.Withdrawn);
}
