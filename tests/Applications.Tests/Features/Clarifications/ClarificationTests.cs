using System.Net;
using Grants.Applications.Domain;
using Grants.Applications.Features.Clarifications;
using Grants.Contracts.Applications;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Applications.Tests.Features.Clarifications;

[Trait("Database", "both")]
public sealed class ClarificationTests
{
    // Asked on Monday 4 January at 10:00 in Sarajevo with five days: until Saturday 9 January 23:59:59, which is 22:59:59 UTC.
    static readonly DateTimeOffset LastSecond = new(2027, 1, 9, 22, 59, 59, TimeSpan.Zero);

    static readonly Caller Second = World.Staff("Petra Second", Role.ProgrammeOfficer, "programme:L4C");

    static async Task<Guid> AskAsync(World world, Guid application, string question = "Gdje je pečat?", string item = "complete", Caller? by = null)
    {
        var id = Guid.CreateVersion7();
        var answer = await ServiceFixture.PostAsync(world.As(by ?? World.Officer), $"/desk/applications/{application}/clarifications", new { id, items = item, question });
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return id;
    }

    static Task<HttpResponseMessage> AnswerAsync(World world, Guid application, Guid clarification, string answer = "Na strani 3.", Caller? by = null, string token = "") =>
        ServiceFixture.PostAsync(world.As(by ?? World.Ana), $"/applications/{application}/clarifications/{clarification}", new Dictionary<string, string> { ["answer"] = answer, ["token-answer"] = token });

    static Task ExpireAsync(World world) => world.Service.Db<ApplicationsDb>(db => ExpireClarifications.Run(db, world.Service.Services.GetRequiredService<AppTime>(), default));

    [Fact]
    public async Task The_officer_asks_the_applicant_answers_once_and_the_dossier_stays_as_it_is()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var (sealedHash, bytes) = await DossierAsync(world, id);
        var clarification = await AskAsync(world, id);
        var asked = Assert.Single(await world.Service.Events<ClarificationAsked>());
        Assert.Equal((clarification, "Gdje je pečat?", LastSecond, World.Officer.PersonId), (asked.ClarificationId, asked.Question, asked.DueAt, asked.AskedBy));
        Assert.Contains("Waiting for a clarification", await world.PageAsync(World.Ana, $"/applications/{id}"));
        Assert.Contains("Gdje je pečat?", await world.PageAsync(World.Ana, $"/applications/{id}/clarifications"));
        Assert.Contains("Saturday 9 January 2027, 23:59 (Sarajevo)", await world.PageAsync(World.Ana, $"/applications/{id}/clarifications/{clarification}"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AnswerAsync(world, id, clarification)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Found, answer.StatusCode));
        var answered = Assert.Single(await world.Service.Events<ClarificationAnswered>());
        Assert.Equal(("Na strani 3.", World.Ana.PersonId, World.Officer.PersonId), (answered.Answer, answered.AnsweredBy!.Value, answered.AskedBy));
        Assert.True(answered.SubjectVersion > asked.SubjectVersion);
        Assert.Contains("Na strani 3.", await world.PageAsync(World.Officer, $"/desk/applications/{id}"));
        Assert.Contains("The clarification was answered", await world.PageAsync(World.Officer, $"/applications/{id}/timeline"));
        Assert.DoesNotContain("Hand in the answer", await world.PageAsync(World.Ana, $"/applications/{id}/clarifications/{clarification}"));
        Assert.Equal((sealedHash, Convert.ToHexString(bytes)), await DossierAsync(world, id) is var (hash, now) ? (hash, Convert.ToHexString(now)) : default);
    }

    [Fact]
    public async Task An_answer_in_the_last_second_is_taken_and_one_a_second_later_is_not()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var (first, second) = (await AskAsync(world, id), await AskAsync(world, id, item: "in-time"));
        world.Clock.Set(LastSecond.AddMilliseconds(999));
        Assert.Equal(HttpStatusCode.Found, (await AnswerAsync(world, id, first)).StatusCode);
        world.Clock.Set(LastSecond.AddSeconds(1));
        var late = await AnswerAsync(world, id, second, "Zakasnio odgovor.");
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        var page = await World.TextAsync(late);
        Assert.Contains("Your answer was not taken", page);
        // What was written is not lost.
        Assert.Contains("Zakasnio odgovor.", page);
        Assert.Equal(HttpStatusCode.Conflict, (await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/clarifications/{second}/fields", new { answer = "x" })).StatusCode);
        Assert.Single(await world.Service.Events<ClarificationAnswered>());
    }

    [Fact]
    public async Task The_clock_ends_what_nobody_answered_once_and_never_an_answer()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var (answered, open) = (await AskAsync(world, id), await AskAsync(world, id, item: "in-time"));
        await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/clarifications/{open}/fields", new Dictionary<string, string> { ["answer"] = "Počela sam pisati", ["token-answer"] = "" });
        world.Clock.Set(LastSecond);
        await AnswerAsync(world, id, answered);
        await ExpireAsync(world);
        Assert.Single(await world.Service.Events<ClarificationAnswered>());
        world.Clock.Set(LastSecond.AddHours(1));
        await Task.WhenAll(ExpireAsync(world), ExpireAsync(world));
        await ExpireAsync(world);
        var events = await world.Service.Events<ClarificationAnswered>();
        Assert.Equal(2, events.Count);
        Assert.Equal((open, "", (Guid?)null), (events[1].ClarificationId, events[1].Answer, events[1].AnsweredBy));
        // What was not handed in is nobody's answer.
        var desk = await world.PageAsync(World.Officer, $"/desk/applications/{id}");
        Assert.Contains("No answer came until", desk);
        Assert.DoesNotContain("Počela sam pisati", desk);
        Assert.Equal(HttpStatusCode.Conflict, (await AnswerAsync(world, id, open)).StatusCode);
    }

    [Fact]
    public async Task Answer_and_deadline_in_the_same_moment_end_it_one_way()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var clarification = await AskAsync(world, id);
        // Due for the job and, by a clock that had stood still for the request, in time: only one of both can win.
        await world.Db(db => db.Clarifications.ExecuteUpdateAsync(set => set.SetProperty(asked => asked.CloseDueAt, LastSecond)));
        world.Clock.Set(LastSecond);
        await Task.WhenAll(AnswerAsync(world, id, clarification), ExpireAsync(world), AnswerAsync(world, id, clarification), ExpireAsync(world));
        Assert.Single(await world.Service.Events<ClarificationAnswered>());
        Assert.Equal(1, await world.Db(db => db.TimelineEntries.CountAsync(entry => entry.Kind == TimelineKind.ClarificationAnswered || entry.Kind == TimelineKind.ClarificationUnanswered)));
    }

    [Fact]
    public async Task Two_officers_at_once_ask_about_an_item_once()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var answers = await Task.WhenAll(new[] { World.Officer, Second, World.Officer, Second }.Select(officer => ServiceFixture.PostAsync(
            world.As(officer), $"/desk/applications/{id}/clarifications", new { id = Guid.CreateVersion7(), items = "complete", question = "Gdje je pečat?" })));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Found);
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.Conflict).ToList();
        Assert.Equal(3, refused.Count);
        Assert.Contains("waits for its answer already", await World.TextAsync(refused[0]));
        Assert.Single(await world.Service.Events<ClarificationAsked>());

        // About another item at once: both are asked.
        var other = await Task.WhenAll(AskAsync(world, id, item: "in-time"), Task.FromResult(Guid.Empty));
        Assert.Equal(2, (await world.Service.Events<ClarificationAsked>()).Count);
        // The second of two clicks carries the same id.
        Assert.Equal(HttpStatusCode.Found, (await ServiceFixture.PostAsync(
            world.As(World.Officer), $"/desk/applications/{id}/clarifications", new { id = other[0], items = "in-time", question = "Gdje je pečat?" })).StatusCode);
        Assert.Equal(2, (await world.Service.Events<ClarificationAsked>()).Count);
    }

    [Fact]
    public async Task The_check_waits_for_the_answer_and_can_then_stand_on_the_item()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var clarification = await AskAsync(world, id);
        var reject = new Dictionary<string, string>
        {
            ["item-in-time"] = "yes", ["item-complete"] = "no", ["why-complete"] = "Nema pečata.", ["eligible"] = "no", ["reason"] = "Nije potpuna.",
        };
        var waiting = await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check", reject);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, waiting.StatusCode);
        Assert.Contains("has time to answer a clarification until Saturday 9 January 2027", await World.TextAsync(waiting));
        await AnswerAsync(world, id, clarification, "Nemamo ga.");
        Assert.Equal(HttpStatusCode.Found, (await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check", reject)).StatusCode);
        Assert.Contains("Nema pečata.", Assert.Single(await world.Service.Events<EligibilityDecided>()).Reason);
        // Nobody is asked any more.
        Assert.Equal(HttpStatusCode.Conflict, (await ServiceFixture.PostAsync(
            world.As(World.Officer), $"/desk/applications/{id}/clarifications", new { id = Guid.CreateVersion7(), items = "in-time", question = "?" })).StatusCode);
    }

    [Fact]
    public async Task Files_go_with_the_answer_until_it_is_handed_in()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var clarification = await AskAsync(world, id);
        Assert.Equal(HttpStatusCode.Found, (await UploadAsync(world, id, clarification, "Pečat.pdf", World.Pdf(3000))).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await UploadAsync(world, id, clarification, "Pečat.pdf", World.Pdf(3000))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await UploadAsync(world, id, clarification, "page.pdf", [.. "<html>"u8])).StatusCode);
        // Not before it is handed in.
        Assert.DoesNotContain("Pečat.pdf", await world.PageAsync(World.Officer, $"/desk/applications/{id}"));
        await AnswerAsync(world, id, clarification);
        Assert.Contains("Pečat.pdf", await world.PageAsync(World.Officer, $"/desk/applications/{id}"));
        var file = await world.Db(db => db.DraftDocuments.SingleAsync(found => found.ApplicationId == id && found.DocumentId.StartsWith("clarification-")));
        Assert.Equal(HttpStatusCode.OK, (await world.As(World.Officer).GetAsync($"/applications/{id}/documents/{file.DocumentId}")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await UploadAsync(world, id, clarification, "Drugi.pdf", World.Pdf(4000))).StatusCode);
        await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/clarifications/{clarification}/files/{file.DocumentId}/removal", new { });
        Assert.Equal(1, await world.Db(db => db.DraftDocuments.CountAsync(found => found.DocumentId == file.DocumentId)));
        // The dossier's own documents are not among what can be removed so.
        await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/clarifications/{clarification}/files/registration/removal", new { });
        Assert.Equal(1, await world.Db(db => db.DraftDocuments.CountAsync(found => found.DocumentId == "registration")));
    }

    [Fact]
    public async Task What_is_written_is_kept_and_colleagues_do_not_overwrite_each_other()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var clarification = await AskAsync(world, id);
        var path = $"/applications/{id}/clarifications/{clarification}";
        Assert.Equal(HttpStatusCode.OK, (await ServiceFixture.PostAsync(world.As(World.Ana), path + "/fields", new Dictionary<string, string> { ["answer"] = "Prvi", ["token-answer"] = "" })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await ServiceFixture.PostAsync(world.As(World.Ana), path + "/fields", new Dictionary<string, string> { ["answer"] = "Drugi", ["token-answer"] = "" })).StatusCode);
        var both = await AnswerAsync(world, id, clarification, "Drugi");
        Assert.Equal(HttpStatusCode.Conflict, both.StatusCode);
        Assert.Contains("Prvi", await World.TextAsync(both));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await AnswerAsync(world, id, clarification, "", token: FieldToken.Of(1, "Prvi").ToString())).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await AnswerAsync(world, id, clarification, new string('x', 5001), token: FieldToken.Of(1, "Prvi").ToString())).StatusCode);
        Assert.Contains("Prvi", await world.PageAsync(World.Ana, path));
        Assert.Equal(HttpStatusCode.Found, (await AnswerAsync(world, id, clarification, "Drugi", token: FieldToken.Of(1, "Prvi").ToString())).StatusCode);
    }

    [Fact]
    public async Task Only_members_answer_only_officers_in_scope_ask_and_bad_questions_come_back()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var clarification = await AskAsync(world, id);
        foreach (var other in new[] { World.Stranger, World.Officer, World.Auditor })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await AnswerAsync(world, id, clarification, by: other)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await world.As(other).GetAsync($"/applications/{id}/clarifications/{clarification}")).StatusCode);
        }

        foreach (var other in new[] { World.Ana, World.Auditor, World.Coordinator, World.OfficerElsewhere, World.Ana with { Roles = World.Officer.Roles } })
            Assert.Equal(HttpStatusCode.NotFound, (await ServiceFixture.PostAsync(world.As(other), $"/desk/applications/{id}/clarifications", new { items = "in-time", question = "?" })).StatusCode);
        var bad = await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/clarifications", new { items = "no-such-item", question = "" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, bad.StatusCode);
        var html = await bad.Content.ReadAsStringAsync();
        Assert.Contains("href=\"#items\"", html);
        Assert.Contains("href=\"#question\"", html);

        // Of another application of the same people it is not, either.
        var another = await world.SubmittedAsync(World.Ana, "Drugo udruženje");
        Assert.Equal(HttpStatusCode.NotFound, (await AnswerAsync(world, another, clarification)).StatusCode);
    }

    [Fact]
    public async Task Nobody_is_asked_about_what_may_still_be_replaced()
    {
        await using var world = await World.StartAsync(World.Call().WithIntake(intake => intake with { Resubmission = true }));
        var id = await world.SubmittedAsync(World.Ana);
        var early = await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/clarifications", new { id = Guid.CreateVersion7(), items = "complete", question = "?" });
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        Assert.Contains("Ask after the closing", await World.TextAsync(early));
        world.Clock.Set(World.LastSecond.AddSeconds(1));
        await AskAsync(world, id);
    }

    static async Task<HttpResponseMessage> UploadAsync(World world, Guid application, Guid clarification, string name, byte[] content)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", name } };
        return await world.As(World.Ana).PostAsync($"/applications/{application}/clarifications/{clarification}/files", form);
    }

    static async Task<(string Hash, byte[] Bytes)> DossierAsync(World world, Guid id)
    {
        var application = await world.ApplicationAsync(id);
        return (application.DossierSha256!, (await world.Service.Services.GetRequiredService<FileStore>().ReadAsync(FileArea.Dossiers, application.DossierSha256!))!);
    }
}
