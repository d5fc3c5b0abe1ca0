namespace Grants.Notifications.Domain;

/// <summary>For whom an item is, as one comparable string: a person, all who act for an organisation, or all with a role where the item belongs.</summary>
public static class Audience
{
    public static string Person(Guid id) => $"person:{id}";

    public static string Organisation(Guid id) => $"organisation:{id}";

    public static string Role(string code) => $"role:{code}";

    /// <summary>The role of an audience, or null when it is none.</summary>
    public static string? RoleOf(string audience) => After(audience, "role:");

    /// <summary>The organisation of an audience, or null when it is none.</summary>
    public static Guid? OrganisationOf(string audience) => After(audience, "organisation:") is { } id ? Guid.Parse(id) : null;

    /// <summary>The person of an audience, or null when it is none.</summary>
    public static Guid? PersonOf(string audience) => After(audience, "person:") is { } id ? Guid.Parse(id) : null;

    static string? After(string audience, string prefix) => audience.StartsWith(prefix, StringComparison.Ordinal) ? audience[prefix.Length..] : null;
}
