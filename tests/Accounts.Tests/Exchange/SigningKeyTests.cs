using System.Net;
using System.Security.Cryptography;
using Grants.Accounts.Domain;
using Grants.Accounts.Features.Exchange;
using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Grants.Accounts.Tests.Exchange;

[Trait("Database", "both")]
public sealed class SigningKeyTests
{
    const string Email = "ana@nada.example";

    [Fact]
    public async Task A_key_changes_while_people_work_and_no_token_is_refused()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", Email);
        var first = Assert.Single(await PublishedAsync(app));
        Assert.Equal(first, await SignedWithAsync(app));

        app.Clock.Advance(SigningKey.Signs - SigningKey.PublishedBefore - TimeSpan.FromSeconds(1));
        await JobsAsync(app);
        Assert.Equal([first], await PublishedAsync(app));

        // Published an hour before it is used: by then every service knows it.
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        await JobsAsync(app);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var published = await PublishedAsync(app);
        Assert.Equal(2, published.Count);
        Assert.Equal(first, published[0]);
        Assert.Equal(first, await SignedWithAsync(app));

        app.Clock.Advance(SigningKey.PublishedBefore);
        await JobsAsync(app);
        Assert.Equal(published[1], await SignedWithAsync(app));
        Assert.Equal(published, await PublishedAsync(app)); // tokens of a minute ago are still good

        app.Clock.Advance(SigningKey.ChecksAfter);
        await JobsAsync(app);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([published[1]], await PublishedAsync(app));
        Assert.Equal(published[1], await SignedWithAsync(app));
    }

    [Fact]
    public async Task A_clock_that_jumps_by_years_leaves_a_key_that_signs()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", Email);
        for (var i = 0; i < 3; i++)
        {
            app.Clock.Advance(TimeSpan.FromDays(800));
            await JobsAsync(app);
            Assert.Contains(await SignedWithAsync(app), await PublishedAsync(app));
        }
    }

    [Fact, Trait("Database", "postgres")]
    public async Task Replicas_that_start_for_the_first_time_at_once_make_one_key_and_know_each_others_sessions()
    {
        string[] database = [.. (await PostgresServer.NewDatabaseAsync(AccountsService.Definition)).Select(setting => $"--{setting.Key}={setting.Value}")];
        var replicas = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AccountsApp.StartAsync(settings: database)));
        try
        {
            var key = Assert.Single(await replicas[0].Db(db => db.SigningKeys.Select(row => row.Id).ToListAsync()));
            await replicas[0].AddAsync("Ana", Email);
            using var browser = await replicas[0].SignedInAsync(Email);
            foreach (var replica in replicas)
            {
                Assert.Equal([key], await PublishedAsync(replica));
                var token = await replica.Services.GetRequiredService<SessionExchange>().TokenForAsync(browser.Session!, default);
                Assert.Equal(key, new JsonWebToken(token).Kid);
            }

            // A first key once more, for those that start to look at the same moment; and the next one is made by one of them, too.
            for (var i = 0; i < 10; i++)
            {
                await replicas[0].Db(db => db.SigningKeys.ExecuteDeleteAsync());
                await Task.WhenAll(replicas.Select(JobsAsync));
                Assert.Equal(1, await replicas[0].Db(db => db.SigningKeys.CountAsync()));
            }

            foreach (var replica in replicas) replica.Clock.Advance(SigningKey.Signs);
            await Task.WhenAll(Enumerable.Range(0, 5).SelectMany(_ => replicas.Select(JobsAsync)));
            Assert.Equal([1, 2], await replicas[0].Db(db => db.SigningKeys.OrderBy(row => row.Number).Select(row => row.Number).ToListAsync()));
        }
        finally
        {
            foreach (var replica in replicas) await replica.DisposeAsync();
        }
    }

    [Fact]
    public async Task With_a_key_for_keys_nobody_who_reads_the_database_can_sign()
    {
        var folder = Directory.CreateTempSubdirectory("grants-keys-").FullName;
        var (own, other) = (NewKey(), NewKey());
        string id;
        await using (var app = await AccountsApp.StartAsync(folder: folder, settings: own))
        {
            await app.AddAsync("Ana", Email);
            id = await SignedWithAsync(app);
            var row = await app.Db(db => db.SigningKeys.AsNoTracking().SingleAsync());
            Assert.True(row.IsEncrypted);
            using var stolen = ECDsa.Create();
            Assert.Throws<CryptographicException>(() => stolen.ImportPkcs8PrivateKey(row.PrivateKey, out _));
        }

        await using (var again = await AccountsApp.StartAsync(folder: folder, settings: own)) Assert.Equal(id, await SignedWithAsync(again));
        var wrong = await Assert.ThrowsAsync<CryptographicException>(() => AccountsApp.StartAsync(folder: folder, settings: other));
        Assert.Contains(KeyEncryption.Setting, wrong.Message);
        var missing = await Assert.ThrowsAsync<CryptographicException>(() => AccountsApp.StartAsync(folder: folder));
        Assert.Contains(KeyEncryption.Setting, missing.Message);
        TestDatabase.Delete(folder);
    }

    [Fact]
    public async Task A_key_for_keys_that_is_given_later_protects_the_next_key_without_interrupting_anybody()
    {
        var folder = Directory.CreateTempSubdirectory("grants-keys-").FullName;
        string plain;
        await using (var app = await AccountsApp.StartAsync(folder: folder))
        {
            await app.AddAsync("Ana", Email);
            plain = await SignedWithAsync(app);
        }

        await using (var app = await AccountsApp.StartAsync(folder: folder, settings: NewKey()))
        {
            Assert.Equal(plain, await SignedWithAsync(app));
            app.Clock.Advance(SigningKey.PublishedBefore);
            app.Clock.Advance(TimeSpan.FromMinutes(1));
            var next = await SignedWithAsync(app);
            Assert.NotEqual(plain, next);
            // During the update a replica without the setting publishes it, too.
            Assert.Equal(next, (await app.Db(db => db.SigningKeys.AsNoTracking().SingleAsync(row => row.Id == next))).ToPublic().KeyId);
            Assert.True(await app.Db(db => db.SigningKeys.Where(row => row.Id == next).Select(row => row.IsEncrypted).SingleAsync()));
        }

        TestDatabase.Delete(folder);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("AAAA")]
    [InlineData("not base64 at all, however long this text may be in the end of it")]
    public void A_key_for_keys_that_is_none_is_refused_in_a_sentence(string setting) =>
        Assert.Contains("openssl rand -base64 32", Assert.Throws<InvalidOperationException>(() => KeyEncryption.Parse(setting)).Message);

    [Fact]
    public void A_key_cannot_be_put_into_another_row()
    {
        var encryption = KeyEncryption.Parse(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        var now = new AppTime().Now;
        var (one, two) = (SigningKey.New(1, now, now, encryption), SigningKey.New(2, now, now, encryption));
        var moved = new SigningKey { Id = two.Id, Number = 2, PrivateKey = one.PrivateKey, IsEncrypted = true, CreatedAt = now, SignsFrom = now };
        Assert.Throws<CryptographicException>(() => moved.ToPrivate(encryption));
        Assert.Equal(one.Id, one.ToPrivate(encryption).KeyId);
    }

    static string[] NewKey() => [$"--{KeyEncryption.Setting}={Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}"];

    static async Task<List<string>> PublishedAsync(AccountsApp app)
    {
        using var browser = app.NewBrowser();
        var answer = await browser.GetAsync(HttpTokenKeys.Path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. new JsonWebKeySet(await answer.Content.ReadAsStringAsync()).Keys.Select(key => key.KeyId)];
    }

    /// <summary>Signs somebody in and tells which key the token names.</summary>
    static async Task<string> SignedWithAsync(AccountsApp app)
    {
        using var browser = await app.SignedInAsync(Email);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode); // the token is good
        return new JsonWebToken(await app.Services.GetRequiredService<SessionExchange>().TokenForAsync(browser.Session!, default)).Kid;
    }

    static async Task JobsAsync(AccountsApp app)
    {
        foreach (var job in app.Services.GetServices<IHostedService>().OfType<DueLoop>()) await job.RunOnceAsync();
    }
}
