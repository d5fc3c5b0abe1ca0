using System.Net;
using Grants.Applications.Domain;
using Grants.Contracts.Applications;
using Grants.Platform.Files;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Applications.Tests.Features.Apply;

[Trait("Database", "both")]
public sealed class SubmitTests
{
    [Fact]
    public async Task A_submission_is_sealed_numbered_published_and_receipted()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);

        var application = await world.ApplicationAsync(id);
        Assert.Equal(ApplicationState.Submitted, application.State);
        Assert.Equal("L4C-2026-00001", application.Reference);
        var published = Assert.Single(await world.Service.Events<ApplicationSubmitted>());
        Assert.Equal(application.DossierSha256, published.DossierSha256);
        Assert.Equal(800_000, published.RequestedMinor);
        Assert.Equal(application.Version, published.SubjectVersion);

        var bytes = await world.Service.Services.GetRequiredService<FileStore>().ReadAsync(FileArea.Dossiers, application.DossierSha256!);
        Assert.Equal(application.DossierSha256, CanonicalJson.Sha256Hex(bytes));
        var dossier = CanonicalJson.Deserialize<Dossier>(bytes);
        Assert.Equal("2027-01-04T09:00:00.000Z", dossier.SubmittedAt);
        Assert.Equal("2027-03-01", dossier.StartsOn);
        Assert.Equal("Which problem do you solve?", dossier.Answers[0].Label["en"]);
        Assert.Equal("Iznos koji tražite", dossier.Labels["requestedMinor"]["bs"]);
        Assert.Equal(CanonicalJson.Sha256Hex(World.Pdf()), Assert.Single(dossier.Attachments).Sha256);

        foreach (var (language, sentence) in new[] { ("en", "Application submitted"), ("bs", "Prijava je podnesena"), ("mk", "Пријавата е поднесена") })
        {
            var receipt = await world.PageAsync(World.Ana, $"/applications/{id}/receipt", language);
            Assert.Contains(sentence, receipt);
            Assert.Contains("L4C-2026-00001", receipt);
            Assert.Contains(application.DossierSha256!, receipt);
            Assert.Contains("10:00:00", receipt);
            Assert.Contains("Rješenje o upisu.pdf", receipt);
        }
    }

    [Fact]
    public async Task Fifty_parallel_clicks_make_one_dossier_and_one_receipt()
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.FillAsync(World.Ana, id);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => world.SubmitAsync(World.Ana, id)));

        Assert.All(answers, answer => Assert.Equal($"/applications/{id}/receipt", answer.Headers.Location?.ToString()));
        Assert.Single(await world.Service.Events<ApplicationSubmitted>());
        Assert.Equal("L4C-2026-00001", (await world.ApplicationAsync(id)).Reference);
        Assert.Equal(1, await world.Db(db => db.ReferenceCounters.Select(counter => counter.Last).SingleAsync()));
        Assert.Equal(1, await world.Db(db => db.TimelineEntries.CountAsync()));
    }

    [Fact]
    public async Task Parallel_submissions_of_many_organisations_get_numbers_without_gap_or_double()
    {
        await using var world = await World.StartAsync();
        var ids = new List<Guid>();
        for (var number = 0; number < 20; number++)
        {
            var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana, $"Organisation {number}"));
            await world.FillAsync(World.Ana, id);
            ids.Add(id);
        }

        await Task.WhenAll(ids.Select(id => world.SubmitAsync(World.Ana, id)));
        var references = await world.Db(db => db.Applications.Select(application => application.Reference).OrderBy(reference => reference).ToListAsync());
        Assert.Equal(Enumerable.Range(1, 20).Select(number => $"L4C-2026-{number:D5}"), references);
    }

    [Fact]
    public async Task The_last_second_is_in_time_and_the_next_is_refused_kept_and_logged()
    {
        await using var world = await World.StartAsync();
        var inTime = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana, "In time"));
        var late = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana, "Too late"));
        await world.FillAsync(World.Ana, inTime);
        await world.FillAsync(World.Ana, late);

        world.Clock.Set(World.LastSecond.AddMilliseconds(999));
        Assert.Equal(HttpStatusCode.Found, (await world.SubmitAsync(World.Ana, inTime)).StatusCode);
        world.Clock.Set(World.LastSecond.AddSeconds(1));
        var refused = await world.SubmitAsync(World.Ana, late);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var text = await World.TextAsync(refused);
        Assert.Contains("Your application was not submitted", text);
        Assert.Contains("at 00:00:00 (Sarajevo)", text);
        Assert.Equal(ApplicationState.Draft, (await world.ApplicationAsync(late)).State);
        Assert.Contains("Klupa za sve", await world.PageAsync(World.Ana, $"/applications/{late}/check"));
        var attempt = await world.Db(db => db.RefusedAttempts.SingleAsync());
        Assert.Equal(("Too late", World.Ana.PersonId), (attempt.OrganisationName, attempt.PersonId));
        var desk = await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}");
        Assert.Contains("Refused attempts", desk);
        Assert.Contains("16 Jan 2027 00:00:00 Too late Ana Đurić", desk);
    }

    [Theory]
    // Summer time begins on 28 March 2027 and ends on 31 October 2027: the same local time is another hour in UTC.
    [InlineData("Europe/Skopje", "2027-03-28T23:59:59", "2027-03-28T21:59:59Z")]
    [InlineData("Europe/Skopje", "2027-10-31T23:59:59", "2027-10-31T22:59:59Z")]
    [InlineData("Europe/Riga", "2027-06-30T18:00:00", "2027-06-30T15:00:00Z")]
    public async Task The_deadline_is_the_one_of_the_calls_zone(string zone, string closesAt, string lastSecond)
    {
        await using var world = await World.StartAsync(World.Call(zone: zone, closesAt: closesAt));
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.FillAsync(World.Ana, id);
        var last = DateTimeOffset.Parse(lastSecond);

        world.Clock.Set(last.AddSeconds(1));
        Assert.Equal(HttpStatusCode.Conflict, (await world.SubmitAsync(World.Ana, id)).StatusCode);
        world.Clock.Set(last);
        Assert.Equal(HttpStatusCode.Found, (await world.SubmitAsync(World.Ana, id)).StatusCode);
    }

    [Fact]
    public async Task What_is_missing_is_listed_with_links_and_nothing_is_submitted()
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.SaveAsync(World.Ana, id, new() { ["title"] = "Klupa" });
        var answer = await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/submission", new { });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync();
        foreach (var link in new[] { $"/applications/{id}/draft#amount", $"/applications/{id}/draft#q-problem", $"/applications/{id}/documents#file-registration", "#declaration" })
            Assert.Contains($"href=\"{link}\"", html);
        Assert.DoesNotContain($"href=\"/applications/{id}/draft#title\">Title of the project:", html);
        Assert.Empty(await world.Service.Events<ApplicationSubmitted>());
    }

    [Fact]
    public async Task A_member_who_may_not_commit_the_organisation_may_write_but_not_submit()
    {
        await using var world = await World.StartAsync();
        await world.KnowAsync(World.Boris, "boris@example.org");
        var organisation = await world.RegisterAsync(World.Ana);
        await ServiceFixture.PostAsync(world.As(World.Ana), $"/organisations/{organisation}/members", new { email = " Boris@Example.org " });
        var id = await world.StartDraftAsync(World.Ana, organisation);
        await world.FillAsync(World.Boris, id);

        var answer = await world.SubmitAsync(World.Boris, id);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("You may not submit for this organisation", await World.TextAsync(answer));
        Assert.Equal(ApplicationState.Draft, (await world.ApplicationAsync(id)).State);
    }

    [Fact]
    public async Task Nobody_else_learns_that_an_application_exists()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var draft = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana, "Second"));
        foreach (var path in new[] { "", "/draft", "/documents", "/documents/registration", "/check", "/receipt", "/dossier", "/timeline" })
        {
            foreach (var application in new[] { id, draft, Guid.CreateVersion7() })
                Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.Stranger).GetAsync($"/applications/{application}{path}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.OfficerElsewhere).GetAsync($"/applications/{id}{path}")).StatusCode);
            // A draft is nobody's but its organisation's, not the officer's either.
            Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.Officer).GetAsync($"/applications/{draft}{path}")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await world.SubmitAsync(World.Stranger, draft)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await world.SaveAsync(World.Stranger, draft, new() { ["title"] = "mine now" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await world.UploadAsync(World.Stranger, draft, "registration", "x.pdf", World.Pdf())).StatusCode);
    }

    [Fact]
    public async Task A_submitted_application_cannot_be_changed_any_more()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        await world.SaveAsync(World.Ana, id, new() { ["title"] = "Other" });
        await world.UploadAsync(World.Ana, id, "registration", "other.pdf", World.Pdf(3000));
        Assert.Equal("Klupa za sve", await world.Db(db => db.DraftFields.Where(field => field.Field == "title").Select(field => field.Value).SingleAsync()));
        Assert.Equal("Rješenje o upisu.pdf", await world.Db(db => db.DraftDocuments.Select(file => file.FileName).SingleAsync()));
    }

    [Fact]
    public async Task A_Cyrillic_application_is_sealed_and_shown_letter_by_letter()
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Boris, await world.RegisterAsync(World.Boris, "Здружение „Ѓурѓовден“ — Ќушка", "MK"));
        await world.FillAsync(World.Boris, id, "Клупа за сите", "Во нашата општина нема место за средба: ѓ ќ ѕ џ љ њ.");
        await world.SubmitAsync(World.Boris, id);
        var page = await world.PageAsync(World.Boris, $"/applications/{id}/dossier", "mk");
        Assert.Contains("Здружение „Ѓурѓовден“ — Ќушка", page);
        Assert.Contains("Во нашата општина нема место за средба: ѓ ќ ѕ џ љ њ.", page);
        var html = await (await world.As(World.Boris).GetAsync($"/applications/{id}/receipt")).Content.ReadAsStringAsync();
        Assert.Contains("Ѓурѓовден", html);
    }
}
