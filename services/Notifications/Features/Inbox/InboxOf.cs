using Grants.Contracts.Calls;
using Grants.Notifications.Domain;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Features.Inbox;

/// <summary>An item in somebody's inbox, with what is known of what it is about.</summary>
/// <param name="Item">The item.</param>
/// <param name="Application">Its application; null when it is about none, or when that has not come yet.</param>
/// <param name="Call">Newest definition of its call; null when it has not come yet.</param>
/// <param name="WaitsFor">Name of the organisation an item for all of its people is for; null otherwise.</param>
/// <param name="Read">Whether this person has read it.</param>
/// <param name="Mail">The mail that told this person of it; null when there is none.</param>
public sealed record InboxLine(InboxItem Item, ApplicationCopy? Application, CallDefinition? Call, string? WaitsFor, bool Read, Mail? Mail)
{
    public string Zone => Call?.TimeZone ?? PageContext.DefaultZone;
}

/// <summary>What a person finds in their inbox: what is for them, for their organisations, or for a role they hold where the item belongs.</summary>
public static class InboxOf
{
    /// <summary>Open tasks and all notices of a person, newest first.</summary>
    public static async Task<IReadOnlyList<InboxLine>> Async(NotificationsDb db, Caller caller, CancellationToken ct)
    {
        var rows = await RowsAsync(db, caller, ct);
        var callIds = rows.Select(row => row.Item.CallId).OfType<Guid>().Distinct().ToList();
        var calls = (await db.Calls.AsNoTracking().Where(call => callIds.Contains(call.CallId)).ToListAsync(ct))
            .GroupBy(call => call.CallId).ToDictionary(versions => versions.Key, versions => versions.MaxBy(version => version.Version)!.Read());
        var mails = await db.Mails.AsNoTracking().Where(mail => mail.PersonId == caller.PersonId && mail.ItemId != null).ToDictionaryAsync(mail => mail.ItemId!.Value, ct);
        return [.. rows.Select(row => new InboxLine(
            row.Item, row.Application, row.Item.CallId is { } callId ? calls.GetValueOrDefault(callId) : null, row.AudienceName, row.Read, mails.GetValueOrDefault(row.Item.Id)))];
    }

    /// <summary>How many things a person has not dealt with: open tasks and unread notices.</summary>
    public static async Task<int> CountAsync(NotificationsDb db, Caller caller, CancellationToken ct) =>
        (await RowsAsync(db, caller, ct)).Count(row => row.Item.Kind == ItemKind.Task || !row.Read);

    static async Task<IReadOnlyList<Row>> RowsAsync(NotificationsDb db, Caller caller, CancellationToken ct)
    {
        var mine = await db.Memberships.Where(member => member.PersonId == caller.PersonId).Select(member => member.OrganisationId).ToListAsync(ct);
        List<string> audiences =
        [
            Audience.Person(caller.PersonId),
            .. mine.Select(Audience.Organisation),
            .. caller.Roles.Select(held => Audience.Role(held.Role)).Distinct(),
        ];
        var query =
            from item in db.Items.AsNoTracking()
            where audiences.Contains(item.Audience) && (item.Kind == ItemKind.Notice || item.DoneAt == null)
            where !db.TaskParts.Any(part => part.Template == item.Template && part.SubjectKey == item.SubjectKey && part.PersonId == caller.PersonId)
            join found in db.Applications.AsNoTracking() on item.ApplicationId equals found.Id into applications
            from application in applications.DefaultIfEmpty()
            orderby item.CreatedAt descending, item.Id descending
            select new
            {
                Item = item,
                Application = application,
                Programme = db.Calls.Where(call => call.CallId == item.CallId).Select(call => call.Programme).FirstOrDefault(),
                Country = db.Organisations.Where(applicant => applicant.Id == application.OrganisationId).Select(applicant => applicant.Country).FirstOrDefault(),
                Read = db.ReadMarks.Any(mark => mark.ItemId == item.Id && mark.PersonId == caller.PersonId),
            };
        var names = await db.Organisations.Where(organisation => mine.Contains(organisation.Id))
            .ToDictionaryAsync(organisation => organisation.Id, organisation => organisation.Name, ct);
        return [.. (await query.ToListAsync(ct))
            .Where(row => Audience.RoleOf(row.Item.Audience) is not { } role
                || (caller.Holds(new Place(row.Programme ?? "", row.Item.CallId ?? Guid.Empty, row.Country), role)
                    && !(row.Application?.OrganisationId is { } applicant && mine.Contains(applicant)))) // no staff task about one's own application
            .Select(row => new Row(
                row.Item, row.Application,
                Audience.OrganisationOf(row.Item.Audience) is { } organisation ? names.GetValueOrDefault(organisation, "") : null, row.Read))];
    }

    sealed record Row(InboxItem Item, ApplicationCopy? Application, string? AudienceName, bool Read);
}
