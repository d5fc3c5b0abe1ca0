using Grants.Testing;

namespace Grants.EndToEnd.Tests;

/// <summary>One grant from nothing to paid, through the pages, without JavaScript.</summary>
public sealed class LifeTests
{
    [Fact]
    public async Task A_grant_goes_from_draft_to_paid_through_its_pages()
    {
        await using var product = await Product.StartAsync();
        using var life = new Life(product.Address);
        var application = await life.ApplyAsync("Udruženje „Most“ Mostar");
        var reference = await life.ReferenceAsync(application);
        await life.CheckAsync(application);
        await life.AssignAsync(application);
        await life.ReviewAsync(reference);
        await life.CloseCallAsync();
        await life.RecommendAsync(application);
        await life.DecideAsync(application);
        await life.ReleaseLetterAsync(reference);
        await life.GiveAccountAsync(application);
        await life.OfferAsync(application);
        await life.SignAsync(application);
        var instalment = await life.ApproveAsync(reference);
        await life.ListPaymentsAsync();
        await life.SettleAsync(instalment, "2027-16/3", "16.1.2027");

        var ana = await life.AsAsync(Life.Applicant);
        var grant = (await ana.OpenAsync($"/grants/{application}")).Expect();
        Assert.Contains("6,400.00", grant.Text, StringComparison.Ordinal);
        var timeline = await ana.OpenWhenAsync($"/applications/{application}/timeline", page => page.Text.Contains("6,400.00", StringComparison.Ordinal));
        Assert.DoesNotContain(Life.Evaluator, timeline.Text, StringComparison.Ordinal);
    }
}
