using Grants.Accounts.Domain;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Accounts.Features.People;

/// <summary>A role, where it holds and why, as typed by an administrator.</summary>
public sealed record RoleInput(string Role, string ScopeKind, string ScopeValue, string Reason)
{
    public const int ReasonLength = 500;

    public static RoleInput From(PostedForm form) => new(form["role"], form["scope-kind"], form["scope-value"], form["reason"]);

    /// <summary>The code of the scope when all is right; null otherwise, and the errors say why.</summary>
    public string? Check(FieldErrors errors, PageContext page)
    {
        if (!Platform.Http.Role.All.Contains(Role)) errors.Add("role", page.Text<RoleFields>("role.missing"));
        var scope = RoleScope.Make(ScopeKind, ScopeValue);
        if (scope is null) errors.Add("scope-value", page.Text<RoleFields>("scope.wrong"));
        else if (Role == Platform.Http.Role.Administrator && scope != "*") errors.Add("scope-kind", page.Text<RoleFields>("scope.administrator"));
        if (Reason == "") errors.Add("reason", page.Text<RoleFields>("reason.missing"));
        else if (Reason.Length > ReasonLength) errors.Add("reason", page.Text<RoleFields>("reason.tooLong", ReasonLength));
        return errors.None ? scope : null;
    }
}
