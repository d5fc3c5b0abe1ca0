using Grants.Accounts.Domain;

namespace Grants.Accounts.Tests.Domain;

public sealed class PasswordRuleTests
{
    [Theory]
    [InlineData("tri žute kruške u maju")]
    [InlineData("зелена порта бр. 7")]
    [InlineData("xK9-pumpa-4mq")]
    [InlineData("🐢🐙🐳 plivaju na more")]
    [InlineData("kiša pada na Neretvu")]
    public void A_long_password_of_ones_own_is_taken(string password) => Assert.Equal(PasswordProblem.None, PasswordRule.Check(password, "Ana Kovačević", "ana@nada.example"));

    [Theory]
    [InlineData("")]
    [InlineData("elevenchars")]
    [InlineData("🐢🐢🐢🐢🐢🐢🐢🐢🐢🐢🐢")]
    public void A_short_password_is_refused(string password) => Assert.Equal(PasswordProblem.TooShort, PasswordRule.Check(password, "Ana", "ana@nada.example"));

    [Theory]
    [InlineData("password1234")]
    [InlineData("Password2026!")]
    [InlineData("P@ssw0rd2026")]
    [InlineData("lozinka12345")]
    [InlineData("lozinkalozinka")]
    [InlineData("123456789012")]
    [InlineData("987654321098")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abababababab")]
    [InlineData("abcdefghijkl")]
    [InlineData("qwertzuiopasd")]
    [InlineData("qwerty123456")]
    [InlineData("Sarajevo2026!!")]
    [InlineData("31121999 1999")]
    [InlineData("anakovacevic1")]
    [InlineData("AnaKovačević26")]
    [InlineData("ana.kovacevic1")]
    public void A_password_that_everybody_tries_first_is_refused(string password) =>
        Assert.Equal(PasswordProblem.TooCommon, PasswordRule.Check(password, "Ana Kovačević", "kovacevic@nada.example"));

    [Fact]
    public void A_password_has_an_end() => Assert.Equal(PasswordProblem.TooLong, PasswordRule.Check(string.Concat(Enumerable.Range(0, 60).Select(i => $"w{i} ")), "Ana", "ana@nada.example"));

    [Theory]
    [InlineData("ana@nada.example", true)]
    [InlineData("Ana.K+grants@pošta.example", true)]
    [InlineData("  ana@nada.example  ", true)]
    [InlineData("ana", false)]
    [InlineData("ana@", false)]
    [InlineData("@nada.example", false)]
    [InlineData("ana@nada", false)]
    [InlineData("ana@nada..example", false)]
    [InlineData("a b@nada.example", false)]
    [InlineData("ana@nada.example\nBcc: x@y.example", false)]
    [InlineData("Ana <ana@nada.example>", false)]
    [InlineData("a@b@nada.example", false)]
    public void An_address_looks_like_one(string typed, bool good) => Assert.Equal(good, EmailAddress.Parse(typed) is not null);

    [Theory]
    [InlineData("everywhere", "", "*")]
    [InlineData("programme", "l4c", "programme:L4C")]
    [InlineData("programme", "", null)]
    [InlineData("programme", "a:b", null)]
    [InlineData("call", "0193a1f0-7c40-7000-8000-000000000001", "call:0193a1f0-7c40-7000-8000-000000000001")]
    [InlineData("call", "first", null)]
    [InlineData("country", "ba", "country:BA")]
    [InlineData("country", "Bosnia", null)]
    [InlineData("galaxy", "x", null)]
    public void A_scope_is_made_from_what_was_chosen_and_typed(string kind, string value, string? scope) => Assert.Equal(scope, RoleScope.Make(kind, value));
}
