using System.Security.Claims;
using System.Text.Encodings.Web;
using Grants.Platform.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Grants.Platform.Http;

/// <summary>Where a service finds the public keys that tokens are checked with: in process in the all-in-one shape, from Accounts over HTTP otherwise.</summary>
public abstract class TokenKeys
{
    /// <summary>The public keys that are valid now.</summary>
    public abstract ValueTask<IReadOnlyList<SecurityKey>> PublicKeysAsync(CancellationToken ct);

    /// <summary>
    /// The same when a token names a key that is not among them: it may be a new one. Anybody can make such a token up, so the source is asked at most once in
    /// <see cref="AtMostEvery"/>.
    /// </summary>
    public virtual ValueTask<IReadOnlyList<SecurityKey>> NewerKeysAsync(CancellationToken ct) => PublicKeysAsync(ct);

    /// <summary>How often unknown keys are asked for at most.</summary>
    public static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(5);
}

/// <summary>The short-lived ES256 token that the edge puts in place of a session. Only Accounts holds the private key.</summary>
public static class Token
{
    /// <summary>Issuer and audience of all tokens.</summary>
    public const string Issuer = "grants-accounts", Audience = "grants-services";

    /// <summary>How long a token lives. A revoked session therefore ends at a service within this time and the clock skew.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(60), ClockSkew = TimeSpan.FromSeconds(5);

    /// <summary>Makes a token for a person.</summary>
    /// <param name="key">Private ECDSA P-256 key with a key id.</param>
    /// <param name="person">Whom it stands for.</param>
    /// <param name="now">Issue time.</param>
    public static string Mint(ECDsaSecurityKey key, Caller person, DateTimeOffset now)
    {
        var claims = new List<Claim>
        {
            new(Caller.SubjectClaim, person.PersonId.ToString()), new(Caller.NameClaim, person.Name), new(Caller.LanguageClaim, person.Language),
        };
        claims.AddRange(person.Roles.Select(held => new Claim(Caller.RoleClaim, $"{held.Role}@{held.Scope}")));
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            Subject = new ClaimsIdentity(claims),
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + Life).UtcDateTime,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
        });
    }
}

/// <summary>Checks the token of a request. The JwtBearer package is not needed for one issuer, one algorithm and no metadata.</summary>
public sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenKeys keys, AppTime clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "token";

    /// <inheritdoc />
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal)) return AuthenticateResult.NoResult();
        var tokens = new JsonWebTokenHandler { MapInboundClaims = false };
        var text = header["Bearer ".Length..];
        if (!tokens.CanReadToken(text) || KeyId(tokens, text) is not { Length: > 0 } keyId) return AuthenticateResult.Fail("no token");
        var known = await keys.PublicKeysAsync(Context.RequestAborted);
        if (known.All(key => key.KeyId != keyId)) known = await keys.NewerKeysAsync(Context.RequestAborted);
        var result = await tokens.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidIssuer = Token.Issuer,
            ValidAudience = Token.Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeys = known,
            // Only the key that the token names: a token of an unknown key is nobody's, and costs no tries with all the others.
            TryAllIssuerSigningKeys = false,
            ClockSkew = Token.ClockSkew,
            // The product's clock, so that a moved clock moves the life of tokens with it.
            LifetimeValidator = (from, until, _, parameters) =>
                from is { } start && until is { } end && clock.Now.UtcDateTime >= start - parameters.ClockSkew && clock.Now.UtcDateTime <= end + parameters.ClockSkew,
            NameClaimType = Caller.NameClaim,
            RoleClaimType = Caller.RoleClaim,
        });
        return result.IsValid
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(result.ClaimsIdentity), SchemeName))
            : AuthenticateResult.Fail("invalid token");
    }

    // A header that is no JSON makes the reader throw.
    static string? KeyId(JsonWebTokenHandler tokens, string text)
    {
        try
        {
            return tokens.ReadJsonWebToken(text).Kid;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
