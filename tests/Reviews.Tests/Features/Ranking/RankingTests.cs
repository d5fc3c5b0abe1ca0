using System.Net;
using Grants.Contracts.Applications;
using Grants.Contracts.Reviews;
using Grants.Platform.Http;
using Grants.Reviews.Domain;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Tests.Features.Ranking;

public sealed class RankingTests
{
    [Fact]
    public async Task The_list_shows_order_scores_and_where_the_money_ends()
    {
        await using var world = await World.StartAsync(budget: 1_000_000);
        var good = await world.ReviewedAsync("Udruga Izvor", 800_000, 400);
        var best = await world.ReviewedAsync("Klub Most", 600_000, 500);
        var poor = await world.ReviewedAsync("Društvo Lipa", 500_000, 200);
        await world.ReadyAsync("Centar Zora");

        var page = await world.PageAsync(world.CommitteeMember, $"/ranking/{world.Call.Id}");
        Assert.True(page.IndexOf(best.Reference, StringComparison.Ordinal) < page.IndexOf(good.Reference, StringComparison.Ordinal));
        Assert.True(page.IndexOf(good.Reference, StringComparison.Ordinal) < page.IndexOf(poor.Reference, StringComparison.Ordinal));
        Assert.Contains("16.00", page);
        Assert.Contains("4,000.00", page); // 6,000 of 10,000 are for the best
        Assert.Contains("It gets the rest of the budget", page);
        Assert.Contains("10,000.00", page);
        Assert.Contains("Below the threshold", page);
        Assert.Contains("0 of 2 reviews", page);
        Assert.Contains("Small grants", await world.PageAsync(world.Auditor, "/ranking"));
    }

    [Fact]
    public async Task Numbers_are_written_as_the_readers_language_does()
    {
        await using var world = await World.StartAsync();
        await world.ReviewedAsync();
        var page = await world.PageAsync(world.Chair with { Language = "bs" }, $"/ranking/{world.Call.Id}");

        Assert.Contains("16,00", page);
        Assert.Contains("8.000,00", page);
        Assert.Contains("Rang-lista", page);
    }

    [Fact]
    public async Task Whoever_is_tied_to_an_applicant_sees_nothing_of_it_and_cannot_act()
    {
        await using var world = await World.StartAsync();
        var own = await world.ReviewedAsync("Udruga Izvor");
        var other = await world.ReviewedAsync("Klub Most");
        await world.CloseAsync();
        await world.Service.DeliverAsync(new OrganisationChanged(
            own.OrganisationId, 1, own.At, own.OrganisationName, "", "", "BA", [new(world.CommitteeMember.PersonId, false), new(world.Chair.PersonId, true)]));

        var path = $"/ranking/{world.Call.Id}/applications/{own.ApplicationId}";
        foreach (var caller in new[] { world.CommitteeMember, world.Chair })
        {
            var page = await world.PageAsync(caller, $"/ranking/{world.Call.Id}");
            Assert.Contains("You take no part here", page);
            Assert.DoesNotContain("Udruga Izvor", page);
            Assert.DoesNotContain(own.ApplicationId.ToString(), page);
            Assert.Contains(other.Reference, page);
            Assert.True((await world.GetAsync(caller, path)).IsHidden());
        }

        Assert.True((await world.PostAsync(world.Chair, path, Fields("yes", "5000"))).IsHidden());
        Assert.Empty(await world.Service.Events<RankingRecommended>());
        Assert.Contains("Udruga Izvor", await world.PageAsync(world.Decider, $"/ranking/{world.Call.Id}"));
    }

    [Fact]
    public async Task A_review_of_somebody_who_became_a_member_later_no_longer_counts()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReviewedAsync();
        await world.Service.DeliverAsync(new OrganisationChanged(
            submitted.OrganisationId, 1, submitted.At, submitted.OrganisationName, "", "", "BA", [new(world.Amra.PersonId, false)]));

        Assert.Contains("1 of 2 reviews", await world.PageAsync(world.Chair, $"/ranking/{world.Call.Id}"));
    }

    [Fact]
    public async Task Who_still_has_a_review_to_send_does_not_see_the_others()
    {
        await using var world = await World.StartAsync(evaluators: 1);
        var submitted = await world.ReviewedAsync();
        var both = world.Ivan with { Roles = [.. world.Ivan.Roles, new(Role.CommitteeMember, "*")] };
        var path = $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}";
        await world.SeeOtherAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}", new { evaluator = both.PersonId, reason = "A second opinion." });

        Assert.Contains("You have not sent your own review yet", await world.PageAsync(both, path));
        Assert.DoesNotContain("16.00", await world.PageAsync(both, path));
        Assert.DoesNotContain("16.00", await world.PageAsync(both, $"/ranking/{world.Call.Id}"));
        Assert.Contains("16.00", await world.PageAsync(world.CommitteeMember, path));
    }

    [Fact]
    public async Task The_committee_sees_reviews_without_names()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReviewedAsync();
        var page = await world.PageAsync(world.CommitteeMember, $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}");

        Assert.Contains("Review 2", page);
        Assert.Contains("Because.", page);
        Assert.Contains("nema prostora za mlade", page);
        Assert.DoesNotContain("Amra", page);
        Assert.DoesNotContain(world.Amra.PersonId.ToString(), page);
    }

    [Fact]
    public async Task The_chair_records_a_recommendation_once_however_often_the_button_is_pressed()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReviewedAsync();
        await world.CloseAsync();
        var path = $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}";
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.SeeOtherAsync(world.Chair, path, Fields("yes", "6.400,00"))));

        var told = Assert.Single(await world.Service.Events<RankingRecommended>());
        Assert.Equal((true, 640_000, world.Chair.PersonId), (told.Fund, told.AmountMinor, told.RecommendedBy));
        Assert.Equal(CaseState.Recommended, (await world.CaseAsync(submitted)).State);
        Assert.Contains("6,400.00", await world.PageAsync(world.CommitteeMember, path));

        await world.SeeOtherAsync(world.Chair, path, Fields("no", ""));
        Assert.Equal((false, 0), (await world.Service.Events<RankingRecommended>()).Select(one => (one.Fund, one.AmountMinor)).Last());
        Assert.Equal(2, await world.Service.Db<ReviewsDb, int>(db => db.Recommendations.CountAsync()));
    }

    [Theory]
    [InlineData("yes", "1.234", "Thought through.", "")]
    [InlineData("yes", "1234,5", "Thought through.", "")]
    [InlineData("yes", "-1", "Thought through.", "")]
    [InlineData("yes", "", "Thought through.", "")]
    [InlineData("yes", "1999,99", "Thought through.", "The smallest grant of this call is 2,000.00")]
    [InlineData("yes", "10000.01", "Thought through.", "The largest grant of this call is 10,000.00")]
    [InlineData("yes", "8000.01", "Thought through.", "The applicant asked for 8,000.00")]
    [InlineData("yes", "8000", "   ", "Say why.")]
    [InlineData("", "8000", "Thought through.", "Choose whether the committee recommends funding.")]
    public async Task What_is_wrong_with_a_recommendation_is_said_and_what_was_typed_is_kept(string fund, string amount, string reason, string sentence)
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReviewedAsync();
        await world.CloseAsync();
        var page = await world.RefusedAsync(world.Chair, $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}", new { fund, amount, reason });

        Assert.Contains("There is a problem", page);
        Assert.Contains(sentence, page.Replace('\u00A0', ' '));
        Assert.Contains($"value=\"{amount}\"", page);
        Assert.Contains(reason.Trim(), page);
        Assert.Empty(await world.Service.Events<RankingRecommended>());
    }

    [Theory]
    [InlineData(false, 2, "The call is still open")]
    [InlineData(true, 1, "1 are in")]
    [InlineData(true, 0, "0 are in")]
    public async Task Nothing_is_recommended_before_the_close_or_before_all_reviews_are_in(bool closed, int reviews, string sentence)
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        foreach (var evaluator in new[] { world.Amra, world.Ivan }.Take(reviews)) await world.ReviewAsync(await world.AssignAsync(submitted, evaluator), evaluator, 400);
        if (closed) await world.CloseAsync();
        var path = $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}";

        Assert.Contains(sentence, await world.PageAsync(world.Chair, path));
        Assert.Contains(sentence, await world.RefusedAsync(world.Chair, path, Fields("yes", "5000"), HttpStatusCode.Conflict));
        Assert.Empty(await world.Service.Events<RankingRecommended>());
    }

    [Fact]
    public async Task Only_the_chair_in_scope_records_and_only_people_of_the_call_read()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReviewedAsync();
        await world.CloseAsync();
        var path = $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}";
        var elsewhere = new Caller(Guid.NewGuid(), "Elsewhere", "en", [new(Role.Chair, "programme:ALTER")]);

        Assert.Contains("The chair of the committee records", await world.PageAsync(world.CommitteeMember, path));
        foreach (var caller in new[] { world.CommitteeMember, world.Officer, world.Decider, world.Auditor, world.Amra, elsewhere })
            Assert.True((await world.PostAsync(caller, path, Fields("yes", "5000"))).IsHidden());
        foreach (var caller in new[] { world.Amra, elsewhere })
        {
            Assert.True((await world.GetAsync(caller, path)).IsHidden());
            Assert.True((await world.GetAsync(caller, $"/ranking/{world.Call.Id}")).IsHidden());
        }

        Assert.True((await world.GetAsync(world.Chair, $"/ranking/{Guid.NewGuid()}/applications/{submitted.ApplicationId}")).IsHidden());
        Assert.True((await world.GetAsync(world.Chair, $"/ranking/{Guid.NewGuid()}")).IsHidden());
    }

    [SharedFact]
    public async Task Strings_that_break_software_are_taken_as_reasons()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReviewedAsync();
        await world.CloseAsync();
        var path = $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}";
        foreach (var text in Naughty.Strings.Where(text => PostedForm.Clean(text).Trim().Length > 0).Distinct().Where((_, index) => index % 5 == 0))
        {
            await world.SeeOtherAsync(world.Chair, path, new { fund = "no", amount = "", reason = text });
            var kept = await world.Service.Db<ReviewsDb, string>(db => db.Recommendations.OrderByDescending(one => one.Number).Select(one => one.Reason).FirstAsync());
            Assert.Equal(PostedForm.Clean(text).Trim(), kept);
        }

        await world.PageAsync(world.Chair, path);
    }

    static object Fields(string fund, string amount) => new { fund, amount, reason = "Thought through." };
}
