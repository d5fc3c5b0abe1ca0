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
