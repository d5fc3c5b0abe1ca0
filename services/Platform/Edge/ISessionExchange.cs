namespace Grants.Platform.Edge;

/// <summary>Turns the secret of a session into a short-lived token. Accounts does it, in process or over HTTP.</summary>
public interface ISessionExchange
{
    /// <summary>The token, or null when there is no such session (any more).</summary>
    ValueTask<string?> TokenForAsync(string sessionSecret, CancellationToken ct);
}
