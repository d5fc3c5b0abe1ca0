using Grants.Applications.Features.Calls;
using Grants.Applications.Features.Check;
using Grants.Platform.Exports;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Exports;

/// <summary>The desk's lists as files: the same rows and columns as on the page, all of them.</summary>
public static class ExportDesk
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/desk/export.{format:regex(^(csv|xlsx)$)}", Calls).ForRoles("only calls in scope are listed", StaffApplications.Readers);
        routes.MapGet("/desk/calls/{callId:guid}/export.{format:regex(^(csv|xlsx)$)}", Applications).ForRoles("the call is in the scope of the role", StaffApplications.Readers);
    }

    static async Task<IResult> Calls(string format, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        var now = clock.Now;
        var rows = await ShowDesk.Rows(db, caller, ct);
        return TableExport.Result(
            format,
            $"{page.Text<DeskPage>("desk.title")}-{Dates.In(now, PageContext.DefaultZone):yyyy-MM-dd}",
            [.. new[] { "desk.call", "desk.phase", "desk.closes", "desk.received", "desk.toCheck" }.Select(key => page.Text<DeskPage>(key))],
            rows.Select(row => new object?[]
            {
                LocalText.Pick(row.Call.Definition.Title, page.Language).Text, page.Text<DeskPage>($"phase.{row.Call.Call.PhaseAt(now)}"),
                Dates.In(row.Call.Call.ClosesAt, row.Call.Definition.TimeZone), row.Received, row.ToCheck,
            }));
    }

    static async Task<IResult> Applications(Guid callId, string format, HttpRequest request, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await CallDefinitions.Newest(db, callId, ct) is not { } call || DeskScope.Of(caller, call) is not { Any: true } scope) return Pages.NotFound();
        var view = DeskView.Of(request);
        var (rows, _) = await DeskList.Read(db, call, scope, view, null, null, ct);
        return TableExport.Result(
            format,
            $"{call.Definition.ReferencePrefix}-{Dates.In(clock.Now, call.Definition.TimeZone):yyyy-MM-dd}",
            // On the page the currency stands beside each amount; a number in a cell has none.
            [.. view.Columns.Select(column => column == "asked" ? $"{DeskList.Head(column, call, page)} ({call.Definition.Currency})" : DeskList.Head(column, call, page))],
            rows.Select(row => view.Columns.Select(column => DeskList.Cell(row, column, call, page)).ToArray()));
    }
}
