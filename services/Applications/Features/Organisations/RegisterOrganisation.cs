using System.Globalization;
using Grants.Applications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Organisations;

/// <summary>Registers an organisation; whoever does is its first member.</summary>
public static class RegisterOrganisation
{
    /// <summary>Fields and the most characters each takes.</summary>
    public static readonly IReadOnlyDictionary<string, int> Limits = new Dictionary<string, int>
    {
        ["name"] = 250, ["number"] = 50, ["street"] = 150, ["house"] = 20, ["postcode"] = 20, ["town"] = 100,
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/organisations/new", Show).SignedIn("anybody may register an organisation");
        routes.MapPost("/organisations/new", Handle).SignedIn("anybody may register an organisation");
    }

    static IResult Show(string? call) => Pages.Show<RegisterOrganisationPage>(new { Id = Guid.CreateVersion7(), CallId = Known(call) });

    static async Task<IResult> Handle(PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        var details = Read(form);
        var call = Known(form["call"]);
        // The id comes with the form, so that a second click finds what the first one made.
        var id = Guid.TryParse(form["id"], out var given) && given.Version == 7 ? given : Guid.CreateVersion7();
        var errors = Check(details, page);
        if (!errors.None) return Pages.Show<RegisterOrganisationPage>(new { Id = id, CallId = call, Details = details, Errors = errors }, StatusCodes.Status422UnprocessableEntity);

        var now = clock.Now;
        var organisation = Organisation.Register(id, details, caller.PersonId, now);
        db.Add(organisation);
        db.Audit(now, caller.PersonId, "organisation.registered", id);
        db.PublishChanged(organisation, now);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // The second of two clicks; whose organisation it is, its page decides.
        }

        return Results.LocalRedirect(call is null ? $"/organisations/{id}" : $"/apply/{call}");
    }

    /// <summary>Reads the fields.</summary>
    public static OrganisationDetails Read(PostedForm form) =>
        new(form["name"], form["number"], form["country"], form["street"], form["house"], form["postcode"], form["town"], form["scheme"]);

    /// <summary>What is wrong with the fields.</summary>
    public static FieldErrors Check(OrganisationDetails details, PageContext page)
    {
        var errors = new FieldErrors();
        Need("name", details.Name);
        if (!Countries.All.Contains(details.Country)) errors.Add("country", Say("country.empty"));
        Need("street", details.Street);
        Need("house", details.HouseNumber);
        Need("postcode", details.Postcode);
        Need("town", details.Town);
        foreach (var (field, value) in new[] { ("name", details.Name), ("number", details.RegistrationNumber), ("street", details.Street),
            ("house", details.HouseNumber), ("postcode", details.Postcode), ("town", details.Town) })
        {
            var characters = DraftForm.Characters(value);
            if (characters > Limits[field]) errors.Add(field, Say("tooLong", characters, Limits[field]));
        }

        if (details.RegistrationScheme.Length > 0)
        {
            var scheme = OrganisationNumbers.Schemes.FirstOrDefault(known => known.Id == details.RegistrationScheme);
            if (scheme is null || scheme.Country != details.Country) errors.Add("scheme", Say("scheme.country"));
            else if (details.RegistrationNumber.Length == 0) errors.Add("number", Say("number.empty"));
            // Where real numbers are known that break the rule, the organisation's page warns instead.
            else if (OrganisationNumbers.Check(scheme.Id, details.RegistrationNumber) == NumberResult.Wrong) errors.Add("number", Say("number.wrong"));
        }

        return errors;

        void Need(string field, string value)
        {
            if (value.Length == 0) errors.Add(field, Say($"{field}.empty"));
        }

        string Say(string key, params object?[] args) => page.Text<RegisterOrganisationPage>("register." + key, args);
    }

    static string? Known(string? call) => Guid.TryParse(call, out var id) ? id.ToString() : null;
}

/// <summary>Countries organisations can be from.</summary>
public static class Countries
{
    /// <summary>ISO 3166-1 alpha-2 codes, and XK: the region and the European Union.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "AL", "AT", "BA", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "ME", "MK", "MT", "NL", "PL",
        "PT", "RO", "RS", "SE", "SI", "SK", "TR", "XK",
    ];

    /// <summary>Codes and names in the reader's language, in its order.</summary>
    public static IReadOnlyList<(string Value, string Label)> For(PageContext page) =>
        [.. All.Select(code => (code, Name(code, page))).OrderBy(country => country.Item2, StringComparer.Create(page.Culture, CompareOptions.None))];

    /// <summary>A country's name in the reader's language. The runtime's own names cannot be had in a language other than the process's.</summary>
    public static string Name(string code, PageContext page) => page.Text(typeof(Countries), $"country.{code}");
}
