using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Edge;

/// <summary>The exchange as a gateway does it: over HTTP, with a credential that only gateways and Accounts know.</summary>
public sealed class HttpSessionExchange(HttpClient client, string credential) : ISessionExchange
{
    /// <summary>Where Accounts answers.</summary>
    public const string Path = "/api/account/exchange";

    /// <summary>Headers of the request; the edge lets none of these in from outside.</summary>
    public const string CredentialHeader = "X-Grants-Service", SessionHeader = "X-Grants-Session";

    /// <summary>Setting with the credential, the same at gateways and Accounts.</summary>
    public const string CredentialSetting = "Edge:ServiceCredential";

    /// <inheritdoc />
    public async ValueTask<string?> TokenForAsync(string sessionSecret, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path);
        request.Headers.Add(CredentialHeader, credential);
        request.Headers.Add(SessionHeader, sessionSecret);
        using var answer = await client.SendAsync(request, ct);
        answer.EnsureSuccessStatusCode(); // a wrong credential is a mistake of the operator, not somebody who is not signed in
        return answer.StatusCode == HttpStatusCode.NoContent ? null : await answer.Content.ReadAsStringAsync(ct);
    }
}

/// <summary>Registering the exchange and the keys of processes that do not hold Accounts.</summary>
public static class RemoteAccounts
{
    /// <summary>Address of Accounts, from <c>Services:accounts</c>.</summary>
    public static HttpClient Client(IConfiguration configuration) => new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
    {
        BaseAddress = new Uri(configuration["Services:accounts"] ?? throw new InvalidOperationException("Services:accounts, the address of Accounts, is missing.")),
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>Registers the exchange over HTTP.</summary>
    public static IServiceCollection AddHttpSessionExchange(this IServiceCollection services) => services.AddSingleton<ISessionExchange>(provider =>
    {
        var configuration = provider.GetRequiredService<IConfiguration>();
        var credential = configuration[HttpSessionExchange.CredentialSetting];
        if (string.IsNullOrEmpty(credential) || credential.Length < 32)
            throw new InvalidOperationException($"{HttpSessionExchange.CredentialSetting} is missing or shorter than 32 characters.");
        return new HttpSessionExchange(Client(configuration), credential);
    });
}
