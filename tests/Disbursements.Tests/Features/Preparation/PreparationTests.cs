using System.Net;
using Grants.Contracts.Applications;
using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests.Features.Preparation;

public sealed class PreparationTests
{
    static async Task<Life> WithAccountAsync(long awarded = 8_000_00)
    {
        var life = await Life.AwardedAsync(awarded);
        await life.GiveAccountAsync();
        return life;
    }

    [Theory]
    [InlineData("1.234", "thousand")]
    [InlineData("1234,5", "decimals")]
    [InlineData("-1", "")]
    [InlineData("", "")]
    [InlineData("0", "above zero")]
    [InlineData("8000.01", "at most 8,000.00 BAM")]
    [InlineData("999999999999999999999", "")]
    [InlineData("<script>", "")]
    public async Task An_amount_that_cannot_be_meant_is_told_beside_the_field(string amount, string told)
    {
        await using var life = await WithAccountAsync();
        using var answer = await life.PostAsync(life.Officer, $"{life.GrantUrl}/preparation", await life.OfferFieldsAsync(amount));
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("id=\"amount-error\"", html, StringComparison.Ordinal);
        Assert.Contains(told, Life.Words(html), StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"value=\"{WebUtility.HtmlEncode(amount)}\"", html, StringComparison.Ordinal);
        Assert.Equal(GrantState.AccountGiven, await life.StateAsync());
        Assert.Empty(await life.Service.Events<AgreementOffered>());
    }

    [Fact]
    public async Task Agreeing_less_than_was_awarded_releases_the_rest()
    {
        await using var life = await WithAccountAsync(10_000_00);
        await life.OfferAsync("9.999,99");
        Assert.Equal([7_999_99L, 2_000_00L], await life.Db(db => db.Instalments.OrderBy(instalment => instalment.Number).Select(instalment => instalment.AmountMinor).ToListAsync()));
        Assert.Equal(new LedgerCounters(0, 0, 9_999_99, 0), await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId)));
        Assert.Equal(9_999_99, (await life.CountersAsync(LedgerAccount.CallOf(life.CallId))).DebitsPending);
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task The_text_can_be_read_before_it_is_offered()
    {
        await using var life = await WithAccountAsync();
        var fields = await life.OfferFieldsAsync("7000");
        fields["do"] = "preview";
        using var answer = await life.PostAsync(life.Officer, $"{life.GrantUrl}/preparation", fields);
        var words = Life.Words(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("GRANT AGREEMENT", words, StringComparison.Ordinal);
        Assert.Contains("5,600.00 BAM", words, StringComparison.Ordinal);
        Assert.Equal(GrantState.AccountGiven, await life.StateAsync());
    }

    [Fact]
    public async Task The_agreement_is_written_in_the_grantees_language()
    {
        await using var life = await Life.AwardedAsync();
        await life.DoAsync(life.President with { Language = "bs" }, $"{life.GrantUrl}/account", life.Account());
        await life.OfferAsync();
        var words = await life.PageAsync(life.Officer, $"{life.GrantUrl}/agreement");
        Assert.Contains("UGOVOR O DODJELI BESPOVRATNIH SREDSTAVA", words, StringComparison.Ordinal);
        Assert.Contains("6.400,00 BAM: kada ovaj ugovor stupi na snagu", words, StringComparison.Ordinal);
        Assert.Contains("Mali grantovi", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twenty_clicks_at_once_offer_one_agreement()
    {
        await using var life = await WithAccountAsync(10_000_00);
        var fields = await life.OfferFieldsAsync("9000");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => life.PostAsync(life.Officer, $"{life.GrantUrl}/preparation", fields))));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Found, answer.StatusCode));
        Assert.Single(await life.Service.Events<AgreementOffered>());
        Assert.Equal(2, await life.Db(db => db.Instalments.CountAsync()));
        Assert.Equal(1, await life.Db(db => db.LedgerTransfers.CountAsync(transfer => transfer.Kind == LedgerTransferKind.Void)));
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task An_officer_who_belongs_or_belonged_to_the_grantee_cannot_offer()
    {
        await using var life = await WithAccountAsync();
        await life.Service.DeliverAsync(life.Organisation(2, [.. life.Members, new OrganisationMember(life.Officer.PersonId, false)]));
        Assert.Contains("somebody else must prepare", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/preparation", await life.OfferFieldsAsync("8000")), StringComparison.Ordinal);
        await life.Service.DeliverAsync(life.Organisation(3));
        Assert.Contains("somebody else must prepare", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/preparation", await life.OfferFieldsAsync("8000")), StringComparison.Ordinal);
        Assert.Equal(GrantState.AccountGiven, await life.StateAsync());
    }

    [Fact]
    public async Task The_officer_confirms_the_account_that_was_shown_and_not_one_given_meanwhile()
    {
        await using var life = await WithAccountAsync();
        var fields = await life.OfferFieldsAsync("8000");
        await life.DoAsync(life.President, $"{life.GrantUrl}/account", life.Account("MK07250120000058984"));
        Assert.Contains("has changed the bank account meanwhile", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/preparation", fields), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_account_must_be_confirmed()
    {
        await using var life = await WithAccountAsync();
        var fields = await life.OfferFieldsAsync("8000");
        fields.Remove("accountChecked");
        Assert.Contains("tick the box", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/preparation", fields), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_offered_before_there_is_an_account()
    {
        await using var life = await Life.AwardedAsync();
        var words = await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/preparation", new { amount = "8000", accountChecked = "yes", account = Guid.Empty });
        Assert.Contains("bank account is missing", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_an_officer_in_scope_prepares()
    {
        await using var life = await WithAccountAsync();
        var elsewhere = life.Officer with { Roles = [new HeldRole(Role.ProgrammeOfficer, "programme:OTHER")] };
        var fields = await life.OfferFieldsAsync("8000");
        foreach (var person in new[] { elsewhere, life.President, life.Stranger, life.Finance1, life.DecisionMaker, life.Auditor })
        {
            using var shown = await life.GetAsync(person, $"{life.GrantUrl}/preparation");
            using var posted = await life.PostAsync(person, $"{life.GrantUrl}/preparation", fields);
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (shown.StatusCode, posted.StatusCode));
        }

        Assert.Equal(GrantState.AccountGiven, await life.StateAsync());
    }
}
