using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Platform;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Check;

/// <summary>What of a call's desk is looked at, as it stands in the address.</summary>
/// <param name="State">Only those in this state; null for all.</param>
/// <param name="Words">Words in reference, organisation or title, in either script; empty for all.</param>
/// <param name="Columns">Columns, in the order of <see cref="AllColumns"/>.</param>
public sealed record DeskView(ApplicationState? State, string Words, IReadOnlyList<string> Columns)
{
    /// <summary>The columns there are.</summary>
    public static readonly IReadOnlyList<string> AllColumns =
        ["reference", "organisation", "country", "project", "asked", "received", "state", "checked", "clarification", "channel", "registry"];

    /// <summary>The columns shown when none were chosen.</summary>
    public static readonly IReadOnlyList<string> UsualColumns = ["reference", "organisation", "project", "asked", "received", "state"];

    /// <summary>Reads the address. What nobody can choose is left out.</summary>
    public static DeskView Of(HttpRequest request)
    {
        var state = Enum.TryParse<ApplicationState>(request.Query["state"], out var wanted) && Enum.IsDefined(wanted) && wanted != ApplicationState.Draft ? wanted : (ApplicationState?)null;
        var chosen = request.Query["columns"].ToArray();
        // Without the reference nobody knows which row is which.
        var columns = AllColumns.Where(column => column == "reference" || chosen.Contains(column)).ToList();
        return new DeskView(state, PostedForm.Clean(request.Query["q"].ToString()).Trim(), columns.Count > 1 ? columns : UsualColumns);
    }

    /// <summary>The columns, if they were chosen.</summary>
    public IReadOnlyList<string> Chosen => Columns.SequenceEqual(UsualColumns) ? [] : Columns;

    /// <summary>The part of an address behind the question mark, with it; empty when everything is as usual.</summary>
    public string Query(string? after = null)
    {
        var parts = new List<string>();
        if (State is { } state) parts.Add($"state={state}");
        if (Words.Length > 0) parts.Add($"q={Uri.EscapeDataString(Words)}");
        parts.AddRange(Chosen.Select(column => $"columns={column}"));
        if (after is not null) parts.Add($"after={Uri.EscapeDataString(after)}");
        return parts.Count > 0 ? "?" + string.Join('&', parts) : "";
    }
}

/// <summary>A row of a call's desk.</summary>
/// <param name="Application">The application.</param>
/// <param name="Checked">Items of the list that are answered.</param>
/// <param name="WaitsUntil">Until when the applicant has time to answer a clarification; null when none is open.</param>
/// <param name="Arrival">How it came on paper or by mail; null when it was submitted here.</param>
public sealed record DeskApplication(Application Application, int Checked, DateTimeOffset? WaitsUntil, RegisteredArrival? Arrival);

/// <summary>The rows of a call's desk: the page and the file are made of the same.</summary>
public static class DeskList
{
    /// <summary>The rows in the order of their references.</summary>
    /// <param name="db">The database.</param>
    /// <param name="call">The call.</param>
    /// <param name="scope">What the caller sees of it.</param>
    /// <param name="view">What is looked at.</param>
    /// <param name="after">Only those after this reference; empty for all.</param>
    /// <param name="most">At most so many; null for all.</param>
    /// <param name="ct">Stops reading.</param>
    /// <returns>The rows, and how many there are in all that are looked at.</returns>
    public static async Task<(IReadOnlyList<DeskApplication> Rows, int Total)> Read(
        ApplicationsDb db, CallNow call, DeskScope scope, DeskView view, string? after, int? most, CancellationToken ct)
    {
        var all = DeskQueries.InScope(db, call.Call.Id, scope);
        if (view.State is { } only) all = all.Where(found => found.State == only);
        List<Application> applications;
        int total;
        if (view.Words.Length > 0)
        {
            // Words are found without accents and in either script, which no database does alike.
            var found = (await all.OrderBy(one => one.Reference).ToListAsync(ct)).FindAll(one => SearchText.Finds(view.Words, [one.Reference!, one.OrganisationName, one.Title]));
            total = found.Count;
            applications = [.. found.Where(one => string.IsNullOrEmpty(after) || string.CompareOrdinal(one.Reference, after) > 0).Take(most ?? int.MaxValue)];
        }
        else
        {
            total = await all.CountAsync(ct);
#pragma warning disable CA1309 // Translated to the database's comparison; references are ASCII.
            if (!string.IsNullOrEmpty(after)) all = all.Where(found => string.Compare(found.Reference, after) > 0);
#pragma warning restore CA1309
            var ordered = all.OrderBy(found => found.Reference);
            applications = await (most is { } limit ? ordered.Take(limit) : (IQueryable<Application>)ordered).ToListAsync(ct);
        }

        var ofCall = db.Applications.Where(one => one.CallId == call.Call.Id);
        var answered = view.Columns.Contains("checked")
            ? (await db.CheckFields.AsNoTracking().Join(ofCall, field => field.ApplicationId, one => one.Id, (field, _) => field).ToListAsync(ct)).ToLookup(field => field.ApplicationId)
            : null;
        var open = view.Columns.Contains("clarification")
            ? (await db.Clarifications.AsNoTracking().Where(asked => asked.State == ClarificationState.Open).Join(ofCall, asked => asked.ApplicationId, one => one.Id, (asked, _) => asked)
                .ToListAsync(ct)).ToLookup(asked => asked.ApplicationId, asked => asked.DueAt)
            : null;
        var arrivals = view.Columns.Contains("channel") || view.Columns.Contains("registry")
            ? await db.RegisteredArrivals.AsNoTracking().Where(arrival => arrival.CallId == call.Call.Id).ToDictionaryAsync(arrival => arrival.ApplicationId, ct)
            : null;
        return ([.. applications.Select(one => new DeskApplication(
            one,
            answered is null ? 0 : new Checklist(call.Definition, answered[one.Id].ToDictionary(field => field.Field, field => field.Value), []).Done,
            open?[one.Id].Select(due => (DateTimeOffset?)due).Max(),
            arrivals?.GetValueOrDefault(one.Id)))], total);
    }

    /// <summary>Head of a column.</summary>
    public static string Head(string column, CallNow call, PageContext page) => page.Text<CallDeskPage>(
        $"calldesk.{column}", column is "received" or "clarification" ? Dates.City(call.Definition.TimeZone, page.Culture) : call.Definition.CheckList.Count);

    /// <summary>What stands in a cell: a text, an amount, or a local date and time.</summary>
    public static object? Cell(DeskApplication row, string column, CallNow call, PageContext page) => column switch
    {
        "reference" => row.Application.Reference,
        "organisation" => row.Application.OrganisationName,
        "country" => CallFilter.NameOf(row.Application.Country, page),
        "project" => row.Application.Title,
        "asked" => new Money(row.Application.RequestedMinor, row.Application.Currency),
        "received" => Dates.In(row.Application.SubmittedAt!.Value, call.Definition.TimeZone),
        "state" => page.Text<CallDeskPage>($"state.{row.Application.State}"),
        "checked" => row.Checked,
        "clarification" => row.WaitsUntil is { } until ? Dates.In(until, call.Definition.TimeZone) : null,
        "channel" => page.Text<CallDeskPage>($"channel.{row.Arrival?.ChannelCode ?? "online"}"),
        _ => row.Arrival?.RegistryNumber,
    };

    /// <summary>Whether figures stand in a column, which are written to the right.</summary>
    public static bool IsNumber(string column) => column is "asked" or "checked";
}
