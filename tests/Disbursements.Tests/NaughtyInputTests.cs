using System.Net;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests;

public sealed class NaughtyInputTests
{
    [SharedFact]
    public async Task Naughty_strings_in_the_fields_of_the_account_are_taken_whole_or_refused_with_a_sentence()
    {
        await using var life = await Life.AwardedAsync();
        using var client = life.Service.Client(life.President);
        foreach (var text in Naughty.Strings)
        {
            var fields = new Dictionary<string, string> { ["holder"] = text, ["iban"] = text, ["bankName"] = text, ["bic"] = text };
            using var answer = await ServiceFixture.PostAsync(client, $"{life.GrantUrl}/account", fields);
            Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, $"{(int)answer.StatusCode} for {text}");

            fields["iban"] = Life.GoodIban;
            fields["bic"] = "";
            using var second = await ServiceFixture.PostAsync(client, $"{life.GrantUrl}/account", fields);
            Assert.True(second.StatusCode is HttpStatusCode.Found or HttpStatusCode.UnprocessableEntity, $"{(int)second.StatusCode} for {text}");
            if (second.StatusCode != HttpStatusCode.Found) continue;
            var kept = await life.Db(db => db.BankAccounts.OrderByDescending(account => account.Id).Select(account => account.Holder).FirstAsync());
            Assert.Equal(Platform.Http.PostedForm.Clean(text).Trim(), kept);
            var html = await (await client.GetAsync(new Uri(life.GrantUrl, UriKind.Relative))).Content.ReadAsStringAsync();
            Assert.DoesNotContain("<script>alert", html, StringComparison.OrdinalIgnoreCase);
        }
    }

    [SharedFact]
    public async Task Naughty_strings_in_the_acceptance_and_the_settlement_are_answered_with_a_page()
    {
        await using var life = await Life.AwardedAsync();
        await life.GiveAccountAsync();
        await life.OfferAsync();
        var hash = await life.Db(db => db.Agreements.Select(agreement => agreement.TextSha256).SingleAsync());
        using var president = life.Service.Client(life.President);
        foreach (var text in Naughty.Strings)
        {
            // Not ticked, so that all of them can be tried.
            using var answer = await ServiceFixture.PostAsync(president, $"{life.GrantUrl}/agreement", new { fullName = text, position = text, accept = text, textSha256 = hash });
            Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, $"{(int)answer.StatusCode} for {text}");
        }

        await life.AcceptAsync(life.President);
        await life.AcceptAsync(life.DecisionMaker);
        var instalment = await life.Db(db => db.Instalments.Where(i => i.Number == 1).Select(i => i.Id).SingleAsync());
        await life.ApproveAsync(life.Finance1, instalment);
        await life.ApproveAsync(life.Finance2, instalment);
        await life.ListAsync(life.Finance1);
        using var finance = life.Service.Client(life.Finance1);
        foreach (var text in Naughty.Strings)
        {
            using var answer = await ServiceFixture.PostAsync(finance, $"/payments/{instalment}/settlement", new { statementLine = text, paidOn = text });
            Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, $"{(int)answer.StatusCode} for {text}");
            using var list = await ServiceFixture.PostAsync(finance, "/payments/lists", new { currency = text });
            Assert.True(list.StatusCode == HttpStatusCode.Found, $"{(int)list.StatusCode} for {text}");
        }
    }

    [SharedFact]
    public async Task Naughty_amounts_are_answered_with_a_sentence()
    {
        await using var life = await Life.AwardedAsync();
        await life.GiveAccountAsync();
        using var officer = life.Service.Client(life.Officer);
        var fields = await life.OfferFieldsAsync("");
        fields["do"] = "preview";
        foreach (var text in Naughty.Strings)
        {
            fields["amount"] = text;
            using var answer = await ServiceFixture.PostAsync(officer, $"{life.GrantUrl}/preparation", fields);
            Assert.True(answer.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.OK, $"{(int)answer.StatusCode} for {text}");
        }
    }
}
