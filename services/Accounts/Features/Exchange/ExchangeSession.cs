using System.Security.Cryptography;
using System.Text;
using Grants.Platform.Edge;
using Grants.Platform.Http;

namespace Grants.Accounts.Features.Exchange;

/// <summary>The exchange over HTTP, for gateways. Without a service credential it does not exist.</summary>
static class ExchangeSession
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(HttpSessionExchange.Path, Handle).Public();

    static async Task<IResult> Handle(HttpRequest request, SessionExchange exchange, IConfiguration configuration, CancellationToken ct)
    {
        var expected = configuration[HttpSessionExchange.CredentialSetting];
        var given = request.Headers[HttpSessionExchange.CredentialHeader].ToString();
        if (string.IsNullOrEmpty(expected) || !CryptographicOperations.FixedTimeEquals(Hash(expected), Hash(given))) return Results.NotFound();
        var secret = request.Headers[HttpSessionExchange.SessionHeader].ToString();
        return await exchange.TokenForAsync(secret, ct) is { } token ? Results.Text(token) : Results.NoContent();
    }

    static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
