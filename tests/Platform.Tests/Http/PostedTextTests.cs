using Grants.Platform.Http;
using Grants.Testing;

namespace Grants.Platform.Tests.Http;

public class PostedTextTests
{
    [Theory]
    [InlineData("a\r\nb\rc", "a\nb\nc")]
    [InlineData("a\0b", "a\uFFFDb")]
    [InlineData("a\uFFFEb", "a\uFFFEb")]
    [InlineData("c\u030C", "č")]
    public void Posted_text_can_be_stored_and_compared(string posted, string clean) => Assert.Equal(clean, PostedForm.Clean(posted));

    [Fact]
    public void Half_a_character_is_shown_as_missing() => Assert.Equal("a\uFFFDb", PostedForm.Clean("a" + (char)0xDC00 + "b"));

    [SharedFact]
    public void Naughty_strings_can_be_posted() => Assert.All(Naughty.Strings, text => Assert.DoesNotContain('\0', PostedForm.Clean(text)));
}
