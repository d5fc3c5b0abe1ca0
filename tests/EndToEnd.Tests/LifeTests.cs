using Grants.Testing;

namespace Grants.EndToEnd.Tests;

/// <summary>One grant from nothing to paid, through the pages, without JavaScript.</summary>
public sealed class LifeTests
{
    [Theory]
    [InlineData(Running.AllInOne)]
    [InlineData(Running.Apart)]
    public async Task A_grant_goes_from_draft_to_paid_through_its_pages(string shape)
    {
        await using var product = await Running.InShapeAsync(shape);
        using var life = new Life(product.Address);
        var application = await life.WholeAsync("Udruženje „Most“ Mostar");

        var ana = await life.AsAsync(Life.Applicant);
        var grant = (await ana.OpenAsync($"/grants/{application}")).Expect();
        Assert.Contains("6.400,00", grant.Text, StringComparison.Ordinal);
        var timeline = await ana.OpenWhenAsync($"/applications/{application}/timeline", page => page.Text.Contains("6.400,00", StringComparison.Ordinal));
        Assert.DoesNotContain(Life.Evaluator, timeline.Text, StringComparison.Ordinal);

        // What it says while running tells nobody who did what.
        var said = product.Output();
        Assert.All(["Kovačević", "Hadžić", "Suljić", "@grants.example", "1290079401028494", "Most"], word => Assert.DoesNotContain(word, said, StringComparison.OrdinalIgnoreCase));
    }
}
