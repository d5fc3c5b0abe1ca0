using System.Net;
using Grants.Applications.Domain;
using Grants.Contracts.Applications;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Applications.Tests.Features.Registered;

[Trait("Database", "both")]
public sealed class RegisteredTests
{
    static readonly DateTimeOffset AfterClosing = new(2027, 1, 18, 9, 0, 0, TimeSpan.Zero);

    static Dictionary<string, string> Form(Guid id, string arrived = "2027-01-15T23:59:59", string registry = "05-1/27", string organisation = "new") => new()
    {
        ["id"] = id.ToString(), ["channel"] = "paper", ["arrived"] = arrived, ["registry"] = registry, ["organisation"] = organisation,
        ["name"] = "Udruženje „Papir“", ["number"] = "1", ["country"] = "BA", ["street"] = "Ulica", ["house"] = "bb", ["postcode"] = "88000", ["town"] = "Mostar",
    };

    static Task<HttpResponseMessage> RegisterAsync(World world, Dictionary<string, string> form, Caller? by = null) =>
        ServiceFixture.PostAsync(world.As(by ?? World.Officer), $"/desk/calls/{World.CallId}/registered", form);

    static Task<HttpResponseMessage> SealAsync(World world, Guid id, Caller? by = null, string compared = "yes") =>
        ServiceFixture.PostAsync(world.As(by ?? World.Officer), $"/desk/applications/{id}/registered", new { compared });

    static async Task TypeAsync(World world, Guid id) => Assert.Equal(HttpStatusCode.Found, (await world.SaveAsync(World.Officer, id, new()
    {
        ["title"] = "Klupa s papira", ["amount"] = "8.000,00", ["months"] = "6", ["q-problem"] = "Nema klupe.",
    })).StatusCode);

    [Fact]
    public async Task What_came_on_paper_becomes_an_application_like_any_other()
    {
        await using var world = await World.StartAsync();
        world.Clock.Set(AfterClosing);
        var id = Guid.CreateVersion7();
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RegisterAsync(world, Form(id))));
        Assert.All(answers, answer => Assert.Equal($"/desk/applications/{id}/registered", answer.Headers.Location!.ToString()));
        Assert.Contains("05-1/27", await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}"));

        // Nothing to judge without title, amount and duration.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SealAsync(world, id)).StatusCode);
        await TypeAsync(world, id);
        Assert.Equal(HttpStatusCode.Found, (await world.UploadAsync(World.Officer, id, "registration", "sken.pdf", World.Pdf())).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SealAsync(world, id, compared: "")).StatusCode);
        var sealings = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => SealAsync(world, id)));
        Assert.All(sealings, answer => Assert.Equal($"/desk/applications/{id}", answer.Headers.Location!.ToString()));

        var submitted = Assert.Single(await world.Service.Events<ApplicationSubmitted>());
        Assert.Equal(("paper", "L4C-2026-00001", World.LastSecond, World.Officer.PersonId), (submitted.Channel, submitted.Reference, submitted.At, submitted.SubmittedBy));
        var bytes = await world.Service.Services.GetRequiredService<FileStore>().ReadAsync(FileArea.Dossiers, submitted.DossierSha256);
        var dossier = CanonicalJson.Deserialize<Dossier>(bytes!);
        Assert.Equal(new DossierArrival("paper", "2027-01-15T22:59:59.000Z", "05-1/27", "Olga Officer"), dossier.Arrival);
        // What the paper does not say is not said.
        Assert.Equal("", dossier.Answers.Single(answer => answer.Id == "activities").Text);
        var receipt = await world.PageAsync(World.Officer, $"/applications/{id}/receipt");
        Assert.Contains("L4C-2026-00001", receipt);
        Assert.Contains("On paper, registry number 05-1/27", receipt);

        // The officer is none of the organisation's people, and so may check it.
        Assert.Equal(0, await world.Db(db => db.Memberships.CountAsync()));
        Assert.Contains("Within the rules Arrived 15 Jan 2027 23:59:59", await world.PageAsync(World.Officer, $"/desk/applications/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.Officer).GetAsync($"/applications/{id}/draft")).StatusCode);
    }

    [Fact]
    public async Task Late_paper_is_accepted_with_a_reason_or_registered_as_late()
    {
        await using var world = await World.StartAsync();
        world.Clock.Set(AfterClosing);
        var id = Guid.CreateVersion7();
        var late = Form(id, "2027-01-16T00:00:00");
        var refused = await RegisterAsync(world, late);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("It arrived after the closing", await World.TextAsync(refused));
        Assert.Equal(0, await world.Db(db => db.RegisteredArrivals.CountAsync()));

        Assert.Equal($"/desk/calls/{World.CallId}", (await RegisterAsync(world, new(late) { ["refuse"] = "yes" })).Headers.Location!.ToString());
        Assert.Contains("16 Jan 2027 00:00:00 Udruženje „Papir“ Olga Officer", await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}"));
        Assert.Equal((0, 0), (await world.Db(db => db.Applications.CountAsync()), await world.Db(db => db.Organisations.CountAsync())));

        var accepted = Guid.CreateVersion7();
        Assert.Equal(HttpStatusCode.Found, (await RegisterAsync(world, new(Form(accepted, "2027-01-16T00:00:00")) { ["late"] = "The post was on strike." })).StatusCode);
        await TypeAsync(world, accepted);
        Assert.Equal(HttpStatusCode.Found, (await SealAsync(world, accepted)).StatusCode);
        Assert.Contains("Look here Arrived 16 Jan 2027 00:00:00", await world.PageAsync(World.Officer, $"/desk/applications/{accepted}"));
    }

    [Fact]
    public async Task Bad_arrivals_come_back_with_what_was_typed()
    {
        await using var world = await World.StartAsync();
        world.Clock.Set(AfterClosing);
        foreach (var (arrived, sentence) in new[]
        {
            ("yesterday", "Give the day and the time"), ("2027-03-28T02:30:00", "Give the day and the time"), ("2027-02-01T10:00:00", "This is in the future"), ("2026-11-30T10:00", "The call opens later"),
        })
        {
            var answer = await RegisterAsync(world, Form(Guid.CreateVersion7(), arrived));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            var page = await answer.Content.ReadAsStringAsync();
            Assert.Contains(sentence, page);
            Assert.Contains("05-1/27", page);
        }

        Assert.Equal(HttpStatusCode.Found, (await RegisterAsync(world, Form(Guid.CreateVersion7()))).StatusCode);
        var second = await RegisterAsync(world, Form(Guid.CreateVersion7()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, second.StatusCode);
        Assert.Contains("This registry number is taken in this call", await World.TextAsync(second));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await RegisterAsync(world, new(Form(Guid.CreateVersion7(), registry: "06")) { ["name"] = "", ["country"] = "RS" })).StatusCode);
    }

    [Fact]
    public async Task The_organisation_sees_its_paper_once_it_is_sealed_and_its_own_draft_is_left_alone()
    {
        await using var world = await World.StartAsync();
        var (organisation, other) = (await world.RegisterAsync(World.Ana, "Šljiva"), await world.RegisterAsync(World.Ana, "Trešnja"));
        await world.StartDraftAsync(World.Ana, other);
        Assert.Contains("Šljiva", await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}/registered/new?q=sljiva"));
        var id = Guid.CreateVersion7();
        Assert.Equal(HttpStatusCode.Found, (await RegisterAsync(world, Form(id, "2027-01-04T09:30", organisation: organisation.ToString()))).StatusCode);
        var has = await RegisterAsync(world, Form(Guid.CreateVersion7(), "2027-01-04T09:30", "06", other.ToString()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, has.StatusCode);
        Assert.Contains("has an application, or a draft, in this call already", await World.TextAsync(has));

        Assert.Equal(HttpStatusCode.Conflict, (await world.As(World.Ana).GetAsync($"/applications/{id}")).StatusCode);
        foreach (var (person, path) in new[] { (World.Ana, $"/applications/{id}/draft"), (World.Stranger, $"/applications/{id}/draft"), (World.OfficerElsewhere, $"/applications/{id}/draft"), (World.Auditor, $"/desk/applications/{id}") })
            Assert.Equal(HttpStatusCode.NotFound, (await world.As(person).GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await world.SubmitAsync(World.Ana, id)).StatusCode);
        foreach (var person in new[] { World.Ana, World.Auditor, World.OfficerElsewhere })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await SealAsync(world, id, person)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await RegisterAsync(world, Form(Guid.CreateVersion7(), registry: "07"), person)).StatusCode);
        }

        await TypeAsync(world, id);
        Assert.Equal(HttpStatusCode.Found, (await SealAsync(world, id)).StatusCode);
        Assert.Contains("Klupa s papira", await world.PageAsync(World.Ana, $"/applications/{id}/receipt"));
        Assert.Equal(1, await world.Db(db => db.Applications.CountAsync(found => found.OrganisationId == other && found.State == ApplicationState.Draft)));
    }
}
