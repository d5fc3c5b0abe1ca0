using System.Net;
using Grants.Disbursements.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests.Features.Preparation;

public sealed class AccountTests
{
    [Fact]
    public async Task The_account_is_kept_as_the_bank_has_it_and_shown_without_its_middle()
    {
        await using var life = await Life.AwardedAsync();
        await life.DoAsync(life.President, $"{life.GrantUrl}/account", life.Account(iban: "ba39 1290-0794 0102 8494"));
        var account = await life.Db(db => db.BankAccounts.SingleAsync());
        Assert.Equal((Life.GoodIban, "Удружење «Нада»", life.President.PersonId), (account.Iban, account.Holder, account.GivenBy));
        var page = await life.PageAsync(life.President, life.GrantUrl);
        Assert.Contains("BA** **** 8494", page, StringComparison.Ordinal);
        Assert.DoesNotContain("0794", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Life.Swapped, "check digits")]
    [InlineData("BA39129007940102849", "20")]
    [InlineData("ZZ391290079401028494", "country")]
    [InlineData("", "IBAN")]
    public async Task A_wrong_number_is_told_beside_the_field_and_everything_typed_is_kept(string iban, string told)
    {
        await using var life = await Life.AwardedAsync();
        using var answer = await life.PostAsync(life.President, $"{life.GrantUrl}/account", life.Account(iban));
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("id=\"iban-error\"", html, StringComparison.Ordinal);
        Assert.Contains(told, Life.Words(html), StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"value=\"{iban}\"", html, StringComparison.Ordinal);
        Assert.Contains("value=\"Удружење «Нада»\"", html, StringComparison.Ordinal);
        Assert.Equal(0, await life.Db(db => db.BankAccounts.CountAsync()));
    }

    [Fact]
    public async Task A_possible_but_unusual_number_needs_a_confirmation()
    {
        await using var life = await Life.AwardedAsync();
        var unusual = UnusualBosnian();
        var words = await life.RefusedAsync(life.President, $"{life.GrantUrl}/account", life.Account(unusual));
        Assert.Contains("I compared this number with a letter from the bank", words, StringComparison.Ordinal);
        await life.DoAsync(life.President, $"{life.GrantUrl}/account", new { holder = "Nada", iban = unusual, bankName = "Banka", bic = "", ibanConfirmed = "yes" });
        Assert.Equal(unusual, await life.Db(db => db.BankAccounts.Select(account => account.Iban).SingleAsync()));
    }

    [Theory]
    [InlineData("holder", "", "name of the account holder")]
    [InlineData("holder", "***", "letters or digits")]
    [InlineData("holder", "Nada\u202Eadan", "cannot be seen")]
    [InlineData("bankName", "", "name of the bank")]
    [InlineData("bic", "RZB", "BIC")]
    public async Task Each_field_says_what_is_wrong_with_it(string field, string value, string told)
    {
        await using var life = await Life.AwardedAsync();
        var fields = new Dictionary<string, string> { ["holder"] = "Nada", ["iban"] = Life.GoodIban, ["bankName"] = "Banka", ["bic"] = "RZBABA2S", [field] = value };
        using var answer = await life.PostAsync(life.President, $"{life.GrantUrl}/account", fields);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains($"id=\"{field}-error\"", html, StringComparison.Ordinal);
        Assert.Contains(told, Life.Words(html), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_too_long_for_banks_is_refused()
    {
        await using var life = await Life.AwardedAsync();
        var words = await life.RefusedAsync(life.President, $"{life.GrantUrl}/account", new { holder = new string('a', 71), iban = Life.GoodIban, bankName = "Banka", bic = "" });
        Assert.Contains("at most 70 characters", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_account_may_be_corrected_until_the_agreement_is_offered_and_every_one_given_is_kept()
    {
        await using var life = await Life.AwardedAsync();
        await life.GiveAccountAsync();
        await life.DoAsync(life.President, $"{life.GrantUrl}/account", life.Account("MK07250120000058984"));
        Assert.Equal(2, await life.Db(db => db.BankAccounts.CountAsync()));
        await life.OfferAsync();
        var words = await life.RefusedAsync(life.President, $"{life.GrantUrl}/account", life.Account());
        Assert.Contains("stands in the agreement that was offered", words, StringComparison.Ordinal);
        Assert.Equal(2, await life.Db(db => db.BankAccounts.CountAsync()));
    }

    [Fact]
    public async Task Only_a_member_who_may_sign_gives_the_account()
    {
        await using var life = await Life.AwardedAsync();
        foreach (var person in new[] { life.Volunteer, life.Stranger, life.Officer, life.Finance1, life.Auditor })
        {
            using var shown = await life.GetAsync(person, $"{life.GrantUrl}/account");
            using var posted = await life.PostAsync(person, $"{life.GrantUrl}/account", life.Account());
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (shown.StatusCode, posted.StatusCode));
        }

        Assert.Equal(GrantState.InPreparation, await life.StateAsync());
    }

    [Fact]
    public async Task The_form_is_in_the_readers_language()
    {
        await using var life = await Life.AwardedAsync();
        var words = await life.RefusedAsync(life.President with { Language = "bs" }, $"{life.GrantUrl}/account", life.Account(iban: ""));
        Assert.Contains("Vlasnik računa", words, StringComparison.Ordinal);
        Assert.DoesNotContain("Account holder", words, StringComparison.Ordinal);
    }

    // Right check digits of the number, other ones than Bosnian banks give out.
    static string UnusualBosnian() => Enumerable.Range(0, 97).Select(last => $"1290079401028{last:000}").SelectMany(account =>
        Enumerable.Range(2, 97).Where(digits => digits != 39).Select(digits => $"BA{digits:00}{account}")).First(Platform.Iban.HasRightCheckDigits);
}
