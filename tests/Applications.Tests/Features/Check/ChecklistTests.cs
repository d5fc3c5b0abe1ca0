using System.Net;
using System.Text.Json;
using Grants.Applications.Domain;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Check;

public sealed class ChecklistTests
{
    static readonly Caller Second = World.Staff("Petra Second", Role.ProgrammeOfficer, "programme:L4C");

    // The first item cannot be clarified, the second can.
    static CallDefinition Call() => World.Call().Checking(
        new CheckItem("in-time", new() { ["bs"] = "Na vrijeme", ["en"] = "In time", ["mk"] = "Навреме" }, [], false),
        new CheckItem("complete", new() { ["bs"] = "Potpuna", ["en"] = "Complete", ["mk"] = "Целосна" }, ["registration"], true));

    static Task<HttpResponseMessage> FieldAsync(World world, Caller by, Guid id, string field, string value, string token = "") =>
        ServiceFixture.PostAsync(world.As(by), $"/desk/applications/{id}/check/fields", new Dictionary<string, string> { [field] = value, ["token-" + field] = token });

    static async Task<string> TokenAsync(HttpResponseMessage answer, string field) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("hidden").GetProperty("token-" + field).GetString()!;

    [Fact]
    public async Task Items_are_saved_one_by_one_and_nothing_is_decided()
    {
        await using var world = await World.StartAsync(Call());
        var id = await world.SubmittedAsync(World.Ana);
        var first = await FieldAsync(world, World.Officer, id, "item-in-time", "no");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await FieldAsync(world, World.Officer, id, "item-in-time", "yes", await TokenAsync(first, "item-in-time"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await FieldAsync(world, World.Officer, id, "item-complete", "perhaps")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await FieldAsync(world, World.Officer, id, "why-complete", new string('x', 1001))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await FieldAsync(world, World.Officer, id, "item-other", "yes")).StatusCode);

        Assert.Contains("Checked 1 of 2.", await world.PageAsync(World.Officer, $"/desk/applications/{id}"));
        Assert.Equal(ApplicationState.Submitted, (await world.ApplicationAsync(id)).State);
        Assert.Empty(await world.Service.Events<EligibilityDecided>());
        foreach (var other in new[] { World.Auditor, World.OfficerElsewhere, World.Ana, World.Ana with { Roles = World.Officer.Roles } })
            Assert.Equal(HttpStatusCode.NotFound, (await FieldAsync(world, other, id, "item-complete", "yes")).StatusCode);
    }

    [Fact]
    public async Task Two_officers_do_not_overwrite_each_other_unseen()
    {
        await using var world = await World.StartAsync(Call());
        var id = await world.SubmittedAsync(World.Ana);
        Assert.Equal(HttpStatusCode.OK, (await FieldAsync(world, World.Officer, id, "why-complete", "The stamp is missing.")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await FieldAsync(world, Second, id, "why-complete", "Page 3 is missing.")).StatusCode);
        // The same said twice is no conflict.
        Assert.Equal(HttpStatusCode.OK, (await FieldAsync(world, Second, id, "why-complete", "The stamp is missing.")).StatusCode);

        var page = await ServiceFixture.PostAsync(world.As(Second), $"/desk/applications/{id}/check/list", new Dictionary<string, string> { ["why-complete"] = "Page 3 is missing." });
        Assert.Equal(HttpStatusCode.Conflict, page.StatusCode);
        var text = await World.TextAsync(page);
        Assert.Contains("The stamp is missing.", text);
        Assert.Contains("Page 3 is missing.", text);
        Assert.Contains("Olga Officer", text);
    }

    [Fact]
    public async Task What_is_right_is_kept_when_the_check_cannot_be_recorded_yet()
    {
        await using var world = await World.StartAsync(Call());
        var id = await world.SubmittedAsync(World.Ana);
        var answer = await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check", new Dictionary<string, string>
        {
            ["item-in-time"] = "no", ["item-complete"] = "yes", ["eligible"] = "no", ["reason"] = "Not in time.",
        });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("In time: give the reason for the no.", await World.TextAsync(answer));
        Assert.Equal("no", await world.Db(db => db.CheckFields.Where(field => field.Field == "item-in-time").Select(field => field.Value).SingleAsync()));
        Assert.Contains("Not in time.", await world.PageAsync(World.Officer, $"/desk/applications/{id}"));
    }

    [Fact]
    public async Task The_applicant_reads_the_reason_of_every_item_the_rejection_stands_on_in_their_language()
    {
        await using var world = await World.StartAsync(Call());
        await world.KnowAsync(World.Ana, "ana@example.org");
        var id = await world.SubmittedAsync(World.Ana);
        var answer = await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check", new Dictionary<string, string>
        {
            ["item-in-time"] = "no", ["why-in-time"] = "Stigla je dan kasnije.", ["item-complete"] = "no", ["why-complete"] = "Nema pečata.", ["eligible"] = "no", ["reason"] = "Prijava nije prihvatljiva.",
        });
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        // Nobody asked about the stamp: so it is no ground.
        Assert.Equal("Prijava nije prihvatljiva.\n\nNa vrijeme: ne. Stigla je dan kasnije.", Assert.Single(await world.Service.Events<EligibilityDecided>()).Reason);
        var page = await world.PageAsync(World.Officer, $"/desk/applications/{id}");
        Assert.Contains("Nema pečata.", page);
        Assert.Contains("Stigla je dan kasnije.", page);
    }

    [Fact]
    public async Task An_item_that_may_be_clarified_ends_nothing_before_the_applicant_was_asked()
    {
        await using var world = await World.StartAsync(Call());
        var id = await world.SubmittedAsync(World.Ana);
        var reject = new Dictionary<string, string>
        {
            ["item-in-time"] = "yes", ["item-complete"] = "no", ["why-complete"] = "No stamp.", ["eligible"] = "no", ["reason"] = "Not complete.",
        };
        var refused = await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check", reject);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var page = await World.TextAsync(refused);
        Assert.Contains("Complete: this item may be clarified. Ask the applicant first", page);
        Assert.Contains("Ask before you reject", page);
        Assert.Equal(ApplicationState.Submitted, (await world.ApplicationAsync(id)).State);

        // With what is saved, the page for asking has the item ticked.
        Assert.Matches("value=\"complete\"[^>]*checked", await (await world.As(World.Officer).GetAsync($"/desk/applications/{id}/clarifications/new")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Findings_are_computed_and_decide_nothing()
    {
        await using var world = await World.StartAsync(Call() with { Duration = new(1, 3, "2027-02-01", "2027-12-31"), Applicants = new(1, 0, TooManyRule.LaterOut, 0, 0, 0, 1_700_000, 2, false, 12, false) });
        var draft = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.SaveAsync(World.Ana, draft, new()
        {
            ["title"] = "Klupa", ["amount"] = "8.000,00", ["months"] = "3", ["starts"] = "1.3.2027", ["q-problem"] = "Nema.", ["q-activities"] = "Ima.",
        });
        await world.UploadAsync(World.Ana, draft, "registration", "a.pdf", World.Pdf());
        world.Clock.Set(World.LastSecond.AddMilliseconds(999));
        await world.SubmitAsync(World.Ana, draft);
        var page = await world.PageAsync(World.Officer, $"/desk/applications/{draft}");
        Assert.Contains("Within the rules Arrived 15 Jan 2027 23:59:59, closing 15 Jan 2027 23:59:59 (Sarajevo).", page);
        Assert.Contains("Within the rules Asks for 8,000.00", page);
        Assert.Contains("Within the rules Takes 3 months; the call allows 1 to 3.", page);
        Assert.Contains("Within the rules From Monday 1 March 2027 to Monday 31 May 2027", page);
        Assert.Contains("Within the rules Applications of this organisation as lead: 1; the call allows 1.", page);
    }

    [Fact]
    public async Task An_organisation_that_is_in_more_applications_than_it_may_be_is_found()
    {
        await using var world = await World.StartAsync(Call() with { Applicants = new(1, 0, TooManyRule.AllOut, 0, 5, 0, null, 0, false, 0, false) });
        var (lead, other) = (await world.SubmittedAsync(World.Ana), await world.SubmittedAsync(World.Boris, "Здружение"));
        var organisation = (await world.ApplicationAsync(lead)).OrganisationId;
        await world.Service.Db<ApplicationsDb>(async db =>
        {
            db.Add(new Partner { ApplicationId = other, Id = Guid.CreateVersion7(), OrganisationId = organisation, Name = "Šljiva", Country = "BA", State = PartnerState.Confirmed });
            await db.SaveChangesAsync();
        });
        var page = await world.PageAsync(World.Officer, $"/desk/applications/{lead}");
        Assert.Contains("Look here Applications with this organisation as partner: 1 (L4C-2026-00002); the call allows 0. All of them are out.", page);
        // It is said, and nothing follows by itself.
        Assert.Equal(ApplicationState.Submitted, (await world.ApplicationAsync(lead)).State);
    }
}
