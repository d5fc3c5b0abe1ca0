using Grants.Platform.Edge;
using Grants.Platform.Http;
using Microsoft.IdentityModel.Tokens;

namespace Grants.Accounts.Features.Exchange;

/// <summary>The public keys, as a JSON web key set: with them every service checks tokens by itself.</summary>
static class Keys
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(HttpTokenKeys.Path, Handle).Public();

    static async Task<IResult> Handle(AccountKeys keys, CancellationToken ct) => Results.Json(new
    {
        keys = (await keys.PublicKeysAsync(ct)).Select(key =>
        {
            var parameters = ((ECDsaSecurityKey)key).ECDsa.ExportParameters(includePrivateParameters: false);
            return new { kty = "EC", crv = "P-256", alg = "ES256", use = "sig", kid = key.KeyId, x = Base64UrlEncoder.Encode(parameters.Q.X), y = Base64UrlEncoder.Encode(parameters.Q.Y) };
        }),
    });
}
