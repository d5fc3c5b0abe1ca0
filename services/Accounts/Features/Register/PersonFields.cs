using Grants.Accounts.Domain;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Accounts.Features.Register;

/// <summary>The fields about a person that several forms have, checked alike everywhere.</summary>
static class PersonFields
{
    public static void CheckName(FieldErrors errors, PageContext page, string name)
    {
        if (name == "") errors.Add("name", page.Text<RegisterPage>("name.missing"));
        else if (name.Length > Person.NameLength || name.Any(char.IsControl)) errors.Add("name", page.Text<RegisterPage>("name.tooLong", Person.NameLength));
    }

    public static EmailAddress? CheckEmail(FieldErrors errors, PageContext page, string typed)
    {
        var email = EmailAddress.Parse(typed);
        if (email is null) errors.Add("email", page.Text<RegisterPage>(typed == "" ? "email.missing" : "email.wrong"));
        return email;
    }

    public static void CheckPassword(FieldErrors errors, PageContext page, string password, string name, string email)
    {
        switch (PasswordRule.Check(password, name, email))
        {
            case PasswordProblem.TooShort: errors.Add("password", page.Text<RegisterPage>("password.tooShort", PasswordRule.MinLength)); break;
            case PasswordProblem.TooLong: errors.Add("password", page.Text<RegisterPage>("password.tooLong", PasswordRule.MaxLength)); break;
            case PasswordProblem.TooCommon: errors.Add("password", page.Text<RegisterPage>("password.tooCommon")); break;
            default: break;
        }
    }

    public static string CheckLanguage(FieldErrors errors, PageContext page, string code)
    {
        if (!Languages.IsSupported(code)) errors.Add("language", page.Text<RegisterPage>("language.wrong"));
        return code;
    }

    /// <summary>The languages to choose from, by their own names.</summary>
    public static IReadOnlyList<(string Value, string Label)> LanguageOptions => [.. Languages.Supported.Select(language => (language.Code, language.OwnName))];
}
