using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Grants.Platform.Edge;

/// <summary>The address people type, from the setting <c>PublicOrigin</c>: what forms must come from, and what links in mails begin with.</summary>
public sealed record PublicOrigin
{
    /// <summary>The setting's name.</summary>
    public const string Setting = "PublicOrigin";

    PublicOrigin(string value, bool secure)
    {
        Value = value;
        IsSecure = secure;
    }

    /// <summary>Scheme, host and port without a slash at the end, as browsers send it in <c>Origin</c>.</summary>
    public string Value { get; }

    /// <summary>True for https.</summary>
    public bool IsSecure { get; }

    /// <summary>Reads the setting. Anything but https or plain localhost is refused, since browsers would drop the session cookie.</summary>
    /// <exception cref="InvalidOperationException">The value cannot be used; the message says why.</exception>
    public static PublicOrigin Parse(string? setting)
    {
        if (!Uri.TryCreate(setting, UriKind.Absolute, out var uri) || uri.AbsolutePath != "/" || uri.Query != "" || uri.Fragment != "" || uri.UserInfo != "")
            throw new InvalidOperationException($"{Setting} must be an address such as https://grants.example.org, without a path; it is '{setting}'.");
        var local = uri.Scheme == Uri.UriSchemeHttp && uri.Host is "localhost" or "127.0.0.1" or "[::1]";
        if (uri.Scheme != Uri.UriSchemeHttps && !local)
            throw new InvalidOperationException($"{Setting} must begin with https://, or be http://localhost for development; it is '{setting}'.");
        return new PublicOrigin(uri.GetLeftPart(UriPartial.Authority), uri.Scheme == Uri.UriSchemeHttps);
    }
}

/// <summary>Registering the public origin.</summary>
public static class PublicOriginRegistration
{
    /// <summary>Registers the origin from the configuration; it is read, and refused, when the host starts.</summary>
    public static IServiceCollection AddPublicOrigin(this IServiceCollection services)
    {
        services.TryAddSingleton(provider =>
        {
            var configuration = provider.GetRequiredService<IConfiguration>();
            var setting = configuration[PublicOrigin.Setting];
            // In development the address it listens at is the one people type.
            if (string.IsNullOrEmpty(setting) && provider.GetRequiredService<IHostEnvironment>().IsDevelopment())
                setting = (configuration["urls"] ?? "http://localhost:8080").Split(';')[0];
            return PublicOrigin.Parse(setting);
        });
        return services;
    }
}
