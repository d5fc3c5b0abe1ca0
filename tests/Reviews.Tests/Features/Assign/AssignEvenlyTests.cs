using System.Net;
using System.Text.RegularExpressions;
using Grants.Contracts.Accounts;
using Grants.Contracts.Applications;
using Grants.Contracts.Reviews;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Tests.Features.Assign;

[Trait("Database", "both")]
public sealed class AssignEvenlyTests
{
    [Fact]
    public async Task What_the_preview_proposes_is_applied_as_it_stands_and_loads_are_even()
    {
        await using var world = await World.StartAsync();
        var submissions = new List<ApplicationSubmitted>();
        for (var number = 0; number < 6; number++) submissions.Add(await world.ReadyAsync());
        var path = $"/reviews/assign/calls/{world.Call.Id}";
        var page = await world.PageAsync(world.Officer, path);
        Assert.Equal(page, await world.PageAsync(world.Officer, path));
        Assert.Empty(await world.Service.Events<ReviewsAssigned>()); // only a preview
        var fields = Chosen(page);
        Assert.Equal(12, fields.Count);

        var done = await AppliedAsync(world, fields);
        Assert.Contains("12 evaluators assigned.", done);
        Assert.Contains("No application lacks an evaluator", done);
        var assigned = await world.Service.Events<ReviewsAssigned>();
        Assert.Equal(12, assigned.Select(one => (one.ApplicationId, one.EvaluatorId)).Distinct().Count());
        Assert.All(assigned.GroupBy(one => one.EvaluatorId), group => Assert.Equal(4, group.Count()));
        Assert.Equal(3, assigned.Select(one => one.EvaluatorId).Distinct().Count());
        Assert.All(submissions, one => Assert.Equal(2, assigned.Count(line => line.ApplicationId == one.ApplicationId)));
    }

    [Fact]
    public async Task Ties_conflicts_and_languages_are_kept_and_what_cannot_be_filled_says_why()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        await world.Service.DeliverAsync(World.Of(submitted, 5, world.Amra.PersonId));
        await world.SeeOtherAsync(world.Ivan, world.ListPath + "/later", new Dictionary<string, string> { ["later"] = submitted.OrganisationId.ToString(), ["later-reason"] = "A friend." });
        await world.Service.DeliverAsync(World.Changed(world.Zoran, 2) with { Language = "sq" });

        var path = $"/reviews/assign/calls/{world.Call.Id}";
        var page = await world.PageAsync(world.Officer, path);
        Assert.Empty(Chosen(page));
        Assert.Contains("Nobody can be proposed.", page);
        Assert.Contains("Tied to the applicant as members of the organisation: Amra Begić", page);
        Assert.Contains("Declared a conflict of interest: Ivan Marić", page);
        Assert.Contains("Do not read the language of the application (bs): Zoran Petrović", page);
        Assert.DoesNotContain(world.Amra.PersonId.ToString(), page);
        Assert.Contains("lang=\"bs\"", await world.PageAsync(world.Officer with { Language = "bs" }, path));

        // The officer knows better about languages, and cannot overrule a tie.
        var done = await AppliedAsync(world, new()
        {
            [Field(submitted, 0)] = world.Zoran.PersonId.ToString(), [Field(submitted, 1)] = world.Amra.PersonId.ToString(), [Field(submitted, 2)] = world.Ivan.PersonId.ToString(),
            [Field(submitted, 3)] = Guid.NewGuid().ToString(), ["place-nonsense"] = "x", [$"place-{Guid.NewGuid()}.0"] = world.Zoran.PersonId.ToString(),
        });
        Assert.Contains("1 evaluator assigned.", done);
        Assert.Contains("Amra Begić is a member", done);
        Assert.Contains("Ivan Marić declared a conflict", done);
        Assert.Contains("Choose an evaluator from the list.", done);
        Assert.Equal(world.Zoran.PersonId, Assert.Single(await world.Service.Events<ReviewsAssigned>()).EvaluatorId);
    }

    [Fact]
    public async Task What_changed_since_the_preview_is_skipped_and_said_and_a_second_click_assigns_nobody_twice()
    {
        await using var world = await World.StartAsync(evaluators: 1);
        var (one, other) = (await world.ReadyAsync(), await world.ReadyAsync());
        var fields = new Dictionary<string, string> { [Field(one, 0)] = world.Ivan.PersonId.ToString(), [Field(other, 0)] = world.Zoran.PersonId.ToString() };
        await world.AssignAsync(one, world.Amra);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AppliedAsync(world, fields)));
        Assert.Single(answers, answer => answer.Contains("1 evaluator assigned.", StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.Contains("The application has as many evaluators as the call wants.", answer));
        Assert.Equal(2, await world.Service.Db<ReviewsDb, int>(db => db.Assignments.CountAsync()));
        // Left open, nothing happens.
        Assert.Contains("0 evaluators assigned.", await AppliedAsync(world, new() { [Field(other, 0)] = "" }));
    }

    [Fact]
    public async Task National_coordinators_assign_in_their_country_and_nobody_else_does()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        var path = $"/reviews/assign/calls/{world.Call.Id}";
        var (here, elsewhere) = (new Caller(Guid.NewGuid(), "Here", "en", [new(Role.NationalCoordinator, "country:BA")]), new Caller(Guid.NewGuid(), "There", "en", [new(Role.NationalCoordinator, "country:RS")]));
        Assert.Contains(submitted.Reference, await world.PageAsync(here, path));
        foreach (var caller in new[] { elsewhere, world.Amra, world.Chair, world.Decider, world.Auditor })
        {
            Assert.True((await world.GetAsync(caller, path)).IsHidden());
            Assert.True((await world.PostAsync(caller, path, new Dictionary<string, string> { [Field(submitted, 0)] = world.Amra.PersonId.ToString() })).IsHidden());
        }

        Assert.True((await world.GetAsync(world.Officer, $"/reviews/assign/calls/{Guid.NewGuid()}")).IsHidden());
    }

    [Fact]
    public async Task A_national_evaluation_is_filled_from_the_country_of_the_applicant()
    {
        await using var world = await World.StartAsync(Sample.InTwoEvaluations());
        var national = new Caller(Guid.CreateVersion7(), "Vesna Radić", "en", [new(Role.Evaluator, "country:BA")]);
        await world.Service.DeliverAsync(World.Changed(national));
        await world.Service.DeliverAsync(new RoleGranted(national.PersonId, 2, new(2026, 12, 1, 8, 0, 0, TimeSpan.Zero), Guid.CreateVersion7(), Role.Evaluator, "country:BA"));
        await world.ReadyAsync();
        Assert.Equal([national.PersonId.ToString()], Chosen(await world.PageAsync(world.Officer, $"/reviews/assign/calls/{world.Call.Id}")).Values);
    }

    static string Field(ApplicationSubmitted submitted, int place) => $"place-{submitted.ApplicationId}.{place}";

    static async Task<string> AppliedAsync(World world, Dictionary<string, string> fields)
    {
        var answer = await world.PostAsync(world.Officer, $"/reviews/assign/calls/{world.Call.Id}", fields);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What a browser would post of the page as it stands.</summary>
    static Dictionary<string, string> Chosen(string page) => Regex.Matches(page, "<select[^>]*name=\"(place-[^\"]+)\".*?</select>", RegexOptions.Singleline)
        .Select(select => (Name: select.Groups[1].Value, Value: Regex.Match(select.Value, "<option value=\"([^\"]+)\" selected").Groups[1].Value))
        .Where(one => one.Value.Length > 0).ToDictionary(one => one.Name, one => one.Value);
}
