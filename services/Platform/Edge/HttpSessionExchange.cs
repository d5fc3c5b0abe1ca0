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

    /// <summary>Reads the credential.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it could be guessed.</exception>
    public static string Credential(IConfiguration configuration) => configuration[CredentialSetting] is { Length: >= 32 } credential
        ? credential
        : throw new InvalidOperationException($"{CredentialSetting} is missing or shorter than 32 characters: a random text, the same at gateways and Accounts.");

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
    /// <summary>A client of Accounts, whose replicas are at <c>Services:accounts</c>.</summary>
    /// <exception cref="InvalidOperationException">The setting is missing or is no address.</exception>
    public static HttpClient Client(IConfiguration configuration)
    {
        var addresses = ServiceAddresses.Of(configuration, "accounts");
        var sockets = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), ConnectTimeout = TimeSpan.FromSeconds(1) };
        return new HttpClient(new AnyReplica(addresses, TimeProvider.System, sockets)) { BaseAddress = addresses[0], Timeout = TimeSpan.FromSeconds(5) };
    }

    /// <summary>Registers the exchange over HTTP.</summary>
    public static IServiceCollection AddHttpSessionExchange(this IServiceCollection services) => services.AddSingleton<ISessionExchange>(provider =>
    {
        var configuration = provider.GetRequiredService<IConfiguration>();
        return new HttpSessionExchange(Client(configuration), HttpSessionExchange.Credential(configuration));
    });

    /// <summary>Whether an exchange or a request for keys failed because Accounts is away, and not because whoever asked went away.</summary>
    internal static bool IsAway(Exception e, CancellationToken ct) => e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested;
}

/// <summary>
/// Asks the replicas in turn, and the next one when one is silent, broken or gone. What is asked of Accounts here changes nothing, so it may be asked twice.
/// </summary>
sealed class AnyReplica(IReadOnlyList<Uri> addresses, TimeProvider time, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), Rest = TimeSpan.FromSeconds(1);

    readonly long[] failed = new long[addresses.Count];
    int turn;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var target = request.RequestUri!.PathAndQuery;
        var first = Interlocked.Increment(ref turn);
        var order = Enumerable.Range(0, addresses.Count).Select(i => (int)((uint)(first + i) % addresses.Count)).OrderBy(Rests).ToList();
        // One address may stand for several replicas, too: then it is asked once more.
        if (order.Count == 1) order.Add(order[0]);
        for (var i = 0; ; i++)
        {
            var last = i == order.Count - 1;
            request.RequestUri = new Uri(addresses[order[i]], target);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            try
            {
                var answer = await base.SendAsync(request, patience.Token);
                if (last || (int)answer.StatusCode < 500) return answer;
                answer.Dispose();
            }
            catch (Exception e) when (!last && RemoteAccounts.IsAway(e, cancellationToken))
            {
                // the next one is asked
            }

            Volatile.Write(ref failed[order[i]], time.GetTimestamp());
        }
    }

    bool Rests(int replica) => Volatile.Read(ref failed[replica]) is not 0 and var at && time.GetElapsedTime(at) < Rest;
}
