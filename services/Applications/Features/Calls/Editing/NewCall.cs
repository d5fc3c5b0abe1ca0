using System.Globalization;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>Begins the draft of a new call: from an existing one, or from nothing.</summary>
public static class NewCall
{
    const int MostYears = 20, MostDays = 4000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/desk/calls/new", Show).ForRoles("only calls and programmes in scope are offered", DraftAccess.Writers);
        routes.MapPost("/desk/calls/new", Handle).ForRoles("programme and copied call are in the scope of the role", DraftAccess.Writers);
    }

    static async Task<IResult> Show(Guid? from, Caller caller, ApplicationsDb db, CancellationToken ct)
    {
        var calls = await Calls(db, caller, ct);
        var newest = calls.FirstOrDefault(call => call.Call.Id == from) ?? (calls.Count > 0 ? calls[0] : null);
        var programmes = await DraftAccess.Programmes(db, caller, ct);
        return await Page(db, caller, new NewCallInput(
            Guid.CreateVersion7().ToString(), newest is null ? "nothing" : "copy", newest?.Call.Id.ToString() ?? "", "0", CallCopying.DefaultDays.ToString(CultureInfo.InvariantCulture),
            programmes.Count > 0 ? programmes[0] : ""), null, ct);
    }

    static async Task<IResult> Handle(PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        var input = NewCallInput.Of(form);
        var errors = new FieldErrors();
        if (input.Start is not ("copy" or "nothing")) errors.Add("start", page.Text<NewCallPage>("new.startMissing"));
        CallNow? source = null;
        var (years, days) = (0, 0);
        if (input.Start == "copy")
        {
            if (!Guid.TryParse(input.From, out var from)) errors.Add("from", page.Text<NewCallPage>("new.fromMissing"));
            else if (await DraftAccess.Published(db, from, caller, DraftAccess.Writers, ct) is { } found) source = found;
            else return Pages.NotFound();
            if (!Whole(input.Years, MostYears, out years)) errors.Add("years", page.Text<NewCallPage>("new.yearsWrong", MostYears));
            if (!Whole(input.Days, MostDays, out days)) errors.Add("days", page.Text<NewCallPage>("new.daysWrong", MostDays));
        }

        var programme = source?.Definition.Programme ?? input.Programme;
        if (input.Start == "nothing" && programme.Length is 0 or > 20) errors.Add("programme", page.Text<NewCallPage>("new.programmeMissing"));
        else if (errors.None && !DraftAccess.MayWriteIn(caller, programme)) errors.Add(source is null ? "programme" : "from", page.Text<NewCallPage>("new.programmeScope", programme));
        if (!errors.None) return await Page(db, caller, input, errors, ct);

        // The page brings the id, so that a second click finds the first draft.
        if (!Guid.TryParse(input.Id, out var id)) id = Guid.CreateVersion7();
        if (await db.Calls.AnyAsync(call => call.Id == id, ct)) return Pages.NotFound();
        var definition = source is null
            ? Skeleton.Of(id, programme, clock.Now, page)
            : CallCopying.Copy(source.Definition, id, years, days, page.Text<NewCallPage>("new.note", LocalText.Pick(source.Definition.Title, page.Language).Text, source.Version.Number));
        if (!await CallDrafts.Begin(db, id, programme, DraftText.Write(definition), source, caller, clock.Now, ct) && await DraftAccess.Draft(db, id, caller, DraftAccess.Writers, ct) is null)
            return Pages.NotFound();
        return Results.LocalRedirect($"/desk/calls/{id}/draft");
    }

    static bool Whole(string typed, int most, out int number) =>
        int.TryParse(typed.Length == 0 ? "0" : typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && number >= -most && number <= most;

    static async Task<IReadOnlyList<CallNow>> Calls(ApplicationsDb db, Caller caller, CancellationToken ct) =>
        [.. (await CallDefinitions.All(db, ct)).Where(call => caller.Holds(StaffApplications.PlaceOf(call.Call), DraftAccess.Writers)).OrderByDescending(call => call.Call.OpensAt)];

    static async Task<IResult> Page(ApplicationsDb db, Caller caller, NewCallInput input, FieldErrors? errors, CancellationToken ct) => Pages.Show<NewCallPage>(
        new
        {
            Calls = await Calls(db, caller, ct),
            Programmes = await DraftAccess.Programmes(db, caller, ct),
            AnyProgramme = caller.HoldsEverywhere(Role.ProgrammeOfficer),
            Input = input,
            Errors = errors,
        },
        errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
}

/// <summary>The form as typed.</summary>
/// <param name="Id">Id that the call will have.</param>
/// <param name="Start"><c>copy</c> or <c>nothing</c>.</param>
/// <param name="From">The call to copy.</param>
/// <param name="Years">Years by which the dates move.</param>
/// <param name="Days">Days by which they move besides.</param>
/// <param name="Programme">Programme of a call from nothing.</param>
public sealed record NewCallInput(string Id, string Start, string From, string Years, string Days, string Programme)
{
    /// <summary>Reads it from the form.</summary>
    public static NewCallInput Of(PostedForm form) => new(form["token-id"], form["start"], form["from"], form["years"], form["days"], form["programme"]);
}
