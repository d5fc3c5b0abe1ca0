using System.Net;
using Grants.Applications.Domain;
using Grants.Contracts.Disbursements;
using Grants.Contracts.Notifications;
using Grants.Contracts.Reviews;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Timelines;

public sealed class TimelineTests
{
    static readonly Guid Application = Guid.CreateVersion7(), Somebody = Guid.CreateVersion7(), Thing = Guid.CreateVersion7();
    static readonly DateTimeOffset At = new(2027, 1, 20, 10, 0, 0, TimeSpan.Zero);

    static readonly NotificationDelivered Letter = new(Application, 1, At.AddDays(3), Thing, "award", Somebody);
    static readonly AwardDecided Award = new(Application, 4, At.AddDays(2), World.CallId, "L4C-2026-00001", Thing, "N", "T", "x", 640_000, "BAM", "Good", Somebody, "x");
    static readonly ApplicationRejected Rejection = new(Application, 4, At.AddDays(2), World.CallId, "L4C-2026-00001", Thing, "N", "T", "No money", Somebody, "x");

    [Fact]
    public async Task Every_event_of_the_other_services_becomes_one_entry_however_often_it_is_delivered()
    {
        await using var world = await World.StartAsync();
        await DeliverAllAsync(world, Application);
        Assert.Equal(
            [TimelineKind.EvaluatorAssigned, TimelineKind.ReviewReceived, TimelineKind.ConflictDeclared, TimelineKind.RecommendedForFunding, TimelineKind.RecommendedAgainst,
                TimelineKind.Awarded, TimelineKind.Rejected, TimelineKind.LetterReleased, TimelineKind.AgreementOffered, TimelineKind.AgreementAccepted, TimelineKind.AgreementAccepted,
                TimelineKind.AgreementInForce, TimelineKind.InstalmentDue, TimelineKind.PaymentApprovedOnce, TimelineKind.PaymentReleased, TimelineKind.Paid],
            (await world.Db(db => db.TimelineEntries.ToListAsync())).Select(entry => entry.Kind).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_applicant_learns_the_outcome_with_the_letter_whichever_event_comes_first(bool letterFirst)
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var (award, letter) = (Award with { ApplicationId = id }, Letter with { ApplicationId = id });
        if (letterFirst) await world.Service.DeliverAsync(letter);
        else await world.Service.DeliverAsync(award);
        foreach (var path in new[] { $"/applications/{id}", $"/applications/{id}/timeline", "/applications" })
        {
            var before = await world.PageAsync(World.Ana, path);
            Assert.DoesNotContain("awarded", before, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("6,400", before);
        }

        if (letterFirst) await world.Service.DeliverAsync(award);
        else await world.Service.DeliverAsync(letter);
        Assert.Contains("Grant of 6,400.00 BAM awarded", await world.PageAsync(World.Ana, $"/applications/{id}/timeline"));
        Assert.Contains("Grant awarded", await world.PageAsync(World.Ana, "/applications"));
    }

    [Fact]
    public async Task Before_the_letter_an_applicant_cannot_tell_that_they_were_found_not_eligible_or_rejected()
    {
        // No item may be clarified: so the check can end at once.
        await using var world = await World.StartAsync(World.Call().With(
            stage => stage.Check is { } check ? stage with { Check = check with { Items = [.. check.Items.Select(item => item with { Clarifiable = false })] } } : stage));
        var id = await world.SubmittedAsync(World.Ana);
        var before = await world.PageAsync(World.Ana, $"/applications/{id}");
        await Grants.Testing.ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check", new Dictionary<string, string>
        {
            ["item-in-time"] = "yes", ["item-complete"] = "no", ["why-complete"] = "Nema rješenja.", ["eligible"] = "no", ["reason"] = "Nije potpuna.",
        });
        await world.Service.DeliverAsync(Rejection with { ApplicationId = id });
        Assert.Equal(before, await world.PageAsync(World.Ana, $"/applications/{id}"));
        Assert.Contains("Check finished: not eligible", await world.PageAsync(World.Officer, $"/applications/{id}/timeline"));
        await world.Service.DeliverAsync(Letter with { ApplicationId = id, Kind = "rejection" });
        Assert.Contains("Application rejected", await world.PageAsync(World.Ana, $"/applications/{id}"));
    }

    [Fact]
    public async Task The_applicants_view_has_no_evaluators_no_recommendation_and_no_single_approval()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        await DeliverAllAsync(world, id);
        var mine = await world.PageAsync(World.Ana, $"/applications/{id}/timeline");
        foreach (var secret in new[] { "review", "conflict", "recommended", "one person" }) Assert.DoesNotContain(secret, mine, StringComparison.OrdinalIgnoreCase);
        foreach (var fact in new[] { "Submitted (L4C-2026-00001), 8,000.00 BAM asked for", "Evaluation begun", "Agreement in force", "Instalment 1 of 5,120.00 BAM due", "5,120.00 BAM paid" }) Assert.Contains(fact, mine);

        foreach (var role in new[] { Role.ProgrammeOfficer, Role.Chair, Role.FinanceOfficer, Role.Auditor, Role.DecisionMaker })
            Assert.Contains("The committee recommended funding of", await world.PageAsync(World.Staff("S", role, "*"), $"/applications/{id}/timeline"));
        Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.Staff("E", Role.Evaluator, "*")).GetAsync($"/applications/{id}/timeline")).StatusCode);
        // Somebody of the staff who is a member sees their own application as its applicant does.
        Assert.DoesNotContain("recommended", await world.PageAsync(World.Ana with { Roles = World.Officer.Roles }, $"/applications/{id}/timeline"));
    }

    [Fact]
    public async Task A_letter_about_the_reserve_list_does_not_tell_of_the_award_that_follows()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var path = $"/applications/{id}/timeline";
        var before = await world.PageAsync(World.Ana, path);
        await world.Service.DeliverAsync(new PutOnReserve(id, 4, At.AddDays(2), World.CallId, "L4C-2026-00001", Thing, "N", "T", 3, "Good", Somebody, "x", null));
        Assert.Equal(before, await world.PageAsync(World.Ana, path));
        Assert.Contains("reserve list, place 3", await world.PageAsync(World.Officer, path));
        await world.Service.DeliverAsync(Letter with { ApplicationId = id, Kind = "reserve" });
        Assert.Contains("reserve list, place 3", await world.PageAsync(World.Ana, path));

        before = await world.PageAsync(World.Ana, path);
        await world.Service.DeliverAsync(Award with { ApplicationId = id, SubjectVersion = 5, At = At.AddDays(9), FromReserve = true });
        Assert.Equal(before, await world.PageAsync(World.Ana, path));
        Assert.Contains("letter not sent", await world.PageAsync(World.Officer, path), StringComparison.OrdinalIgnoreCase);
        await world.Service.DeliverAsync(Letter with { ApplicationId = id, At = At.AddDays(10), LetterId = Guid.CreateVersion7() });
        Assert.Contains("Grant of 6,400.00 BAM awarded", await world.PageAsync(World.Ana, path));
    }

    [Fact]
    public async Task An_award_that_lapses_before_its_letter_stays_among_staff()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var path = $"/applications/{id}/timeline";
        var before = await world.PageAsync(World.Ana, path);
        await world.Service.DeliverAsync(Award with { ApplicationId = id });
        await world.Service.DeliverAsync(new AwardLapsed(id, 7, At.AddDays(4), World.CallId, Thing, 640_000, "BAM", "failed", "no account", Somebody));
        Assert.Equal(before, await world.PageAsync(World.Ana, path));
        Assert.Contains("Award of 6,400.00 BAM lapsed", await world.PageAsync(World.Officer, path));
        await world.Service.DeliverAsync(Letter with { ApplicationId = id });
        Assert.Contains("Award of 6,400.00 BAM lapsed", await world.PageAsync(World.Ana, path));
        Assert.DoesNotContain("no account", await world.PageAsync(World.Ana, path));
    }

    [Fact]
    public async Task A_payment_that_came_back_waits_for_approval_again_and_tells_no_finance_officers_words()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var path = $"/applications/{id}/timeline";
        await DeliverAllAsync(world, id);
        await world.Service.DeliverAsync(new PaymentFailed(id, 20, At.AddDays(30), World.CallId, Thing, Thing, 512_000, "BAM", "account closed", Somebody));
        foreach (var reader in new[] { World.Ana, World.Officer })
        {
            var page = await world.PageAsync(reader, path);
            Assert.Contains("Payment of 5,120.00 BAM did not arrive", page);
            Assert.DoesNotContain("account closed", page);
        }

        var entries = await world.Db(db => db.TimelineEntries.Where(entry => entry.ApplicationId == id).ToListAsync());
        Assert.Equal(Standing.PaymentInApproval, Timeline.StandingOf(Timeline.ForStaff(entries)));
    }

    [Fact]
    public async Task An_evaluator_who_declined_has_left_no_review()
    {
        await using var world = await World.StartAsync();
        await world.Service.DeliverAsync(new ReviewSubmitted(Application, 3, At, World.CallId, Thing, Somebody, false, Declined: true));
        Assert.Equal([TimelineKind.EvaluatorDeclined], await world.Db(db => db.TimelineEntries.Select(entry => entry.Kind).ToListAsync()));
    }

    [Fact]
    public void Where_it_stands_is_the_entry_furthest_on_in_any_order()
    {
        var kinds = new[]
        {
            (TimelineKind.Submitted, Standing.Submitted), (TimelineKind.FoundEligible, Standing.Eligible), (TimelineKind.EvaluatorAssigned, Standing.InEvaluation),
            (TimelineKind.RecommendedForFunding, Standing.Recommended), (TimelineKind.Awarded, Standing.LetterWaiting), (TimelineKind.LetterReleased, Standing.Awarded),
            (TimelineKind.AgreementOffered, Standing.AgreementOffered), (TimelineKind.AgreementAccepted, Standing.AgreementHalfAccepted),
            (TimelineKind.AgreementInForce, Standing.AgreementInForce), (TimelineKind.InstalmentDue, Standing.PaymentInApproval),
            (TimelineKind.PaymentReleased, Standing.PaymentReleased), (TimelineKind.Paid, Standing.Paid),
        };
        var entries = new List<TimelineEntry>();
        Assert.Equal(Standing.Draft, Timeline.StandingOf(entries));
        foreach (var (kind, standing) in kinds)
        {
            entries.Insert(0, TimelineEntry.Of(Application, At, kind));
            Assert.Equal(standing, Timeline.StandingOf(entries));
        }
    }

    [Fact]
    public async Task What_timelines_were_told_is_told_to_the_neighbours_as_figures()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var requested = (await world.ApplicationAsync(id)).RequestedMinor;
        await DeliverAllAsync(world, id);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["definitions"] = "1 0", ["submitted"] = "1 0", ["dossiers"] = $"1 {requested} BAM", ["checked"] = "0 0", ["awarded"] = "1 640000 BAM", ["rejected"] = "1 0", ["told"] = "1 0",
                ["paid"] = "1 512000 BAM",
            },
            await world.Service.FiguresAsync(World.CallId));
    }

    static async Task DeliverAllAsync(World world, Guid id)
    {
        var service = world.Service;
        await service.DeliverAsync(new PaymentSettled(id, 9, At.AddDays(9), World.CallId, Thing, Thing, 512_000, "BAM", new DateOnly(2027, 1, 29)));
        await service.DeliverAsync(new PaymentApproved(id, 8, At.AddDays(8), World.CallId, Thing, Somebody, 2, true));
        await service.DeliverAsync(new PaymentApproved(id, 7, At.AddDays(7), World.CallId, Thing, Somebody, 1, false));
        await service.DeliverAsync(new InstalmentRequested(id, 6, At.AddDays(6), World.CallId, Thing, 1, 512_000, "BAM"));
        await service.DeliverAsync(new AgreementSigned(id, 5, At.AddDays(5), World.CallId, Thing, "funder", Somebody, "x", true));
        await service.DeliverAsync(new AgreementSigned(id, 4, At.AddDays(4.5), World.CallId, Thing, "grantee", Somebody, "x", false));
        await service.DeliverAsync(new AgreementOffered(id, 3, At.AddDays(4), World.CallId, Thing, "L4C-1", "x", 640_000, "BAM"));
        await service.DeliverAsync(Letter with { ApplicationId = id });
        await service.DeliverAsync(Rejection with { ApplicationId = id });
        await service.DeliverAsync(Award with { ApplicationId = id });
        await service.DeliverAsync(new RankingRecommended(id, 3, At.AddDays(1.5), World.CallId, false, 0, "BAM", Somebody));
        await service.DeliverAsync(new RankingRecommended(id, 3, At.AddDays(1), World.CallId, true, 640_000, "BAM", Somebody));
        await service.DeliverAsync(new ReviewSubmitted(id, 2, At.AddHours(3), World.CallId, Thing, Somebody, true));
        await service.DeliverAsync(new ReviewSubmitted(id, 2, At.AddHours(2), World.CallId, Thing, Somebody, false));
        await service.DeliverAsync(new ReviewsAssigned(id, 1, At, World.CallId, Thing, Somebody, Somebody));
    }
}
