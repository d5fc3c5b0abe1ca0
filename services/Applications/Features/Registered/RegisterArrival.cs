using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Applications.Features.Organisations;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Registered;

/// <summary>An officer registers that an application arrived on paper or by mail; then types it in as a draft of the organisation that nobody else sees.</summary>
public static class RegisterArrival
{
    // As many as one can look through.
    const int MostFound = 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/desk/calls/{callId:guid}/registered/new", Show).ForRoles("the call is in the scope of the role", Role.ProgrammeOfficer);
        routes.MapPost("/desk/calls/{callId:guid}/registered", Handle).ForRoles("the call, and the country of the organisation, in the scope of the role, and the officer no member of it", Role.ProgrammeOfficer);
    }

    static async Task<IResult> Show(Guid callId, string? q, Caller caller, ApplicationsDb db, CancellationToken ct) => await CallOf(db, callId, caller, ct) is { } call
        ? await Page(db, call, new ArrivalInput { Id = Guid.CreateVersion7(), Words = PostedForm.Clean(q ?? "").Trim() }, null, ct)
        : Pages.NotFound();

    static async Task<IResult> Handle(Guid callId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await CallOf(db, callId, caller, ct) is not { } call) return Pages.NotFound();
        var (input, now) = (ArrivalInput.From(form), clock.Now);
        // The second of two clicks.
        if (await db.RegisteredArrivals.AnyAsync(arrival => arrival.ApplicationId == input.Id, ct)) return Results.LocalRedirect($"/desk/applications/{input.Id}/registered");
        var organisation = input.IsNew ? null : await db.Organisations.Include(found => found.Members).SingleOrDefaultAsync(found => found.Id == input.OrganisationId, ct);
        var errors = Check(call, input, organisation, now, page, out var arrivedAt);
        if (errors.None && organisation is not null)
        {
            if (!caller.Holds(StaffApplications.PlaceOf(call.Call, organisation.Country), Role.ProgrammeOfficer) || organisation.HasMember(caller.PersonId)) return Pages.NotFound();
            if (await db.Applications.AnyAsync(found => found.CallId == callId && found.OrganisationId == organisation.Id, ct)) errors.Add("organisation", Say("registered.hasOne"));
        }

        if (errors.None && await db.RegisteredArrivals.AnyAsync(arrival => arrival.CallId == callId && arrival.RegistryNumber == input.RegistryNumber, ct))
            errors.Add("registry", Say("registered.numberTaken"));
        var isLate = errors.None && !call.Call.IsOpen(arrivedAt);
        if (isLate && !input.Refuse && input.LateReason.Length == 0) errors.Add("late", Say("registered.late", Dates.Instant(call.Call.ClosesAt, call.Definition.TimeZone, page.Culture)));
        if (!errors.None) return await Page(db, call, input, errors, ct);

        using var span = Tracing.Start("application register", input.Id);
        if (organisation is null)
        {
            organisation = Organisation.RegisterFor(Guid.CreateVersion7(), input.Details, caller.PersonId, now);
            if (!(isLate && input.Refuse))
            {
                db.Add(organisation);
                db.Audit(now, caller.PersonId, "organisation.registered", organisation.Id);
                db.PublishChanged(organisation, now);
            }
        }

        if (isLate && input.Refuse)
        {
            db.Add(new RefusedAttempt
            {
                Id = input.Id,
                ApplicationId = input.Id,
                CallId = callId,
                OrganisationName = organisation.Name,
                Country = organisation.Country,
                PersonId = caller.PersonId,
                PersonName = caller.Name,
                At = arrivedAt,
            });
            db.Audit(now, caller.PersonId, "application.registered-late", input.Id, input.RegistryNumber);
        }
        else
        {
            db.Add(Application.Begin(input.Id, callId, call.Version.Number, organisation, caller.PersonId, now));
            db.Add(new RegisteredArrival
            {
                ApplicationId = input.Id,
                CallId = callId,
                Channel = input.Channel == "paper" ? ArrivalChannel.Paper : ArrivalChannel.Mail,
                ArrivedAt = arrivedAt,
                RegistryNumber = input.RegistryNumber,
                LateReason = isLate ? input.LateReason : "",
                RegisteredAt = now,
                RegisteredBy = caller.PersonId,
                RegisteredByName = caller.Name,
            });
            db.Audit(now, caller.PersonId, isLate ? "application.registered-late-accepted" : "application.registered", input.Id, isLate ? input.LateReason : input.RegistryNumber);
        }

        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // A second click, or a colleague who registers the same at this moment.
            db.ChangeTracker.Clear();
            if (!await db.RegisteredArrivals.AnyAsync(arrival => arrival.ApplicationId == input.Id, ct) && !await db.RefusedAttempts.AnyAsync(attempt => attempt.Id == input.Id, ct))
                return await Page(db, call, input, new FieldErrors().Add("registry", Say("registered.numberTaken")), ct);
        }

        return Results.LocalRedirect(isLate && input.Refuse ? $"/desk/calls/{callId}" : $"/desk/applications/{input.Id}/registered");

        string Say(string key, params object?[] args) => page.Text<RegisterArrivalPage>(key, args);
    }

    static FieldErrors Check(CallNow call, ArrivalInput input, Organisation? organisation, DateTimeOffset now, PageContext page, out DateTimeOffset arrivedAt)
    {
        var errors = new FieldErrors();
        if (input.Channel is not ("paper" or "mail")) errors.Add("channel", Say("registered.noChannel"));
        if (!Dates.TryInstant(input.ArrivedAt, call.Definition.TimeZone, out arrivedAt, out _)) errors.Add("arrived", Say("registered.notATime"));
        else if (arrivedAt > now) errors.Add("arrived", Say("registered.future"));
        else if (call.Call.PhaseAt(arrivedAt) == CallPhase.Coming) errors.Add("arrived", Say("registered.early", Dates.Instant(call.Call.OpensAt, call.Definition.TimeZone, page.Culture)));
        if (input.RegistryNumber.Length == 0) errors.Add("registry", Say("registered.noNumber"));
        else TooLong("registry", input.RegistryNumber, RegisteredArrival.NumberCharacters);
        TooLong("late", input.LateReason, RegisteredArrival.ReasonCharacters);
        if (input.IsNew)
        {
            foreach (var (field, sentence) in RegisterOrganisation.Check(input.Details, page).All) errors.Add(field, sentence);
            if (errors.For("country") is null && !call.Definition.Countries.Contains(input.Details.Country)) errors.Add("country", Say("registered.country"));
        }
        else if (organisation is null)
        {
            errors.Add("organisation", Say("registered.noOrganisation"));
        }
        else if (!call.Definition.Countries.Contains(organisation.Country))
        {
            errors.Add("organisation", Say("registered.country"));
        }

        return errors;

        void TooLong(string field, string value, int limit)
        {
            if (DraftForm.Characters(value) is var characters && characters > limit) errors.Add(field, Say("registered.tooLong", characters, limit));
        }

        string Say(string key, params object?[] args) => page.Text<RegisterArrivalPage>(key, args);
    }

    static async Task<CallNow?> CallOf(ApplicationsDb db, Guid callId, Caller caller, CancellationToken ct) =>
        await CallDefinitions.Newest(db, callId, ct) is { } call && caller.Holds(StaffApplications.PlaceOf(call.Call), Role.ProgrammeOfficer) ? call : null;

    static async Task<IResult> Page(ApplicationsDb db, CallNow call, ArrivalInput input, FieldErrors? errors, CancellationToken ct)
    {
        var countries = call.Definition.Countries;
        // Names are found without accents and in either script, which no database does alike.
        var found = input.Words.Length == 0
            ? []
            : (await db.Organisations.AsNoTracking().Where(one => countries.Contains(one.Country)).OrderBy(one => one.Name).ToListAsync(ct))
                .Where(one => one.Id == input.OrganisationId || SearchText.Finds(input.Words, [one.Name, one.RegistrationNumber, one.Town])).Take(MostFound).ToList();
        return Pages.Show<RegisterArrivalPage>(
            new { Found = call, Input = input, Organisations = found, Errors = errors }, errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

/// <summary>What an officer typed of an arrival.</summary>
public sealed record ArrivalInput
{
    /// <summary>Id of the application to be; comes with the form, so that a second click finds what the first one made.</summary>
    public Guid Id { get; init; }

    /// <summary><c>paper</c> or <c>mail</c>.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Local date and time.</summary>
    public string ArrivedAt { get; init; } = "";

    /// <summary>Number in the registry.</summary>
    public string RegistryNumber { get; init; } = "";

    /// <summary>Why it is accepted although it is late.</summary>
    public string LateReason { get; init; } = "";

    /// <summary>Whether it is registered as late and not accepted.</summary>
    public bool Refuse { get; init; }

    /// <summary>By what the organisation was looked for.</summary>
    public string Words { get; init; } = "";

    /// <summary>The chosen organisation: its id, or <c>new</c>.</summary>
    public string Organisation { get; init; } = "";

    /// <summary>What a new organisation says of itself.</summary>
    public OrganisationDetails Details { get; init; } = new("", "", "", "", "", "", "");

    /// <summary>Whether the organisation is not registered here yet.</summary>
    public bool IsNew => Organisation == "new";

    /// <summary>The chosen organisation; empty when none was.</summary>
    public Guid OrganisationId => Guid.TryParse(Organisation, out var id) ? id : Guid.Empty;

    /// <summary>Reads it from the form.</summary>
    public static ArrivalInput From(PostedForm form) => new()
    {
        Id = Guid.TryParse(form["id"], out var given) && given.Version == 7 ? given : Guid.CreateVersion7(),
        Channel = form["channel"],
        ArrivedAt = form["arrived"],
        RegistryNumber = form["registry"],
        LateReason = form["late"],
        Refuse = form["refuse"] == "yes",
        Words = form["q"],
        Organisation = form["organisation"],
        Details = RegisterOrganisation.Read(form),
    };
}
