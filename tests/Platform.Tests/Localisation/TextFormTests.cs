using FsCheck;
using FsCheck.Fluent;
using Grants.Platform.Localisation;
using Grants.Testing;

namespace Grants.Platform.Tests.Localisation;

public class TextFormTests
{
    [Theory]
    [InlineData("c\u030Caj", "čaj")]
    [InlineData("и\u0306", "й")]
    [InlineData("a\uFFFEe\u0301", "a\uFFFEé")]
    public void Text_is_composed(string typed, string composed) => Assert.Equal(composed, TextForm.Nfc(typed));

    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("a\uFFFDb", TextForm.Nfc("a" + (char)0xD800 + "b"));

    [Fact]
    public void Codes_lose_their_look_alikes() => Assert.Equal("BA39", TextForm.Nfkc("ＢＡ３９"));

    [Fact]
    public void Composing_twice_changes_nothing_and_nothing_throws() => Prop.ForAll<string>(text =>
        text is null || TextForm.Nfc(TextForm.Nfc(text)) == TextForm.Nfc(text)).QuickCheckThrowOnFailure();

    [SharedFact]
    public void Naughty_strings_do_not_throw() => Assert.All(Naughty.Strings, text => Assert.NotNull(TextForm.Nfc(text)));
}
