using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;

namespace Grants.Disbursements.Tests.Features.Preparation;

public sealed class ObjectionTests
{
    [Fact]
    public async Task While_objections_can_be_made_the_agreement_is_prepared_and_not_offered()
    {
        var until = new DateTimeOffset(2027, 1, 12, 23, 0, 0, TimeSpan.Zero);
        await using var life = await Life.AwardedAsync(call => call, (_, award) => Task.FromResult(award with { ContractingFrom = until }));
        await life.GiveAccountAsync();
        // In the call's zone: 23:00 UTC is midnight in Sarajevo.
        Assert.Contains("not offered before Wednesday 13 January 2027, 00:00 (Sarajevo)", await life.PageAsync(life.Officer, $"{life.GrantUrl}/preparation"), StringComparison.Ordinal);
        var fields = await life.OfferFieldsAsync("8000");
        fields["do"] = "preview";
        using (var preview = await life.PostAsync(life.Officer, $"{life.GrantUrl}/preparation", fields)) Assert.Equal(System.Net.HttpStatusCode.OK, preview.StatusCode);
        fields.Remove("do");
        life.Service.Clock.Set(until.AddMilliseconds(-1));
        Assert.Contains("cannot be offered before Wednesday 13 January", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/preparation", fields), StringComparison.Ordinal);
        Assert.Empty(await life.Service.Events<AgreementOffered>());
        life.Service.Clock.Set(until);
        await life.DoAsync(life.Officer, $"{life.GrantUrl}/preparation", fields);
        Assert.Equal(GrantState.AgreementOffered, await life.StateAsync());
    }
}
