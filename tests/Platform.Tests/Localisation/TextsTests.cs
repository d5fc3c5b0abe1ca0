using Grants.Platform.Localisation;
using Grants.Platform.Ui;
using Grants.Testing;

namespace Grants.Platform.Tests.Localisation;

public class TextsTests
{
    [Fact]
    public void Texts_of_the_platform_are_complete_in_every_language() => Assert.Empty(TextsCheck.Problems(typeof(Frame).Assembly));

    [Fact]
    public void A_text_is_found_in_the_language_and_else_in_English()
    {
        Assert.Equal(new FoundText("Prijavite se", "bs"), Texts.Find(typeof(Frame), "frame.signIn", "bs", strict: true));
        Assert.Equal(new FoundText("Најавете се", "mk"), Texts.Find(typeof(Frame), "frame.signIn", "mk", strict: true));
        Assert.Equal(new FoundText("Sign in", "en"), Texts.Find(typeof(Frame), "frame.signIn", "en", strict: true));
        Assert.Equal(new FoundText("Sign in", "en"), Texts.Find(typeof(Frame), "frame.signIn", "sq", strict: true));
    }

    [Fact]
    public void A_key_missing_in_English_throws_in_development_and_shows_itself_in_production()
    {
        Assert.Throws<MissingTextException>(() => Texts.Find(typeof(Frame), "frame.nothing", "bs", strict: true));
        Assert.Throws<MissingTextException>(() => Texts.Find(typeof(TextsTests), "a.b", "en", strict: true));
        Assert.Equal(new FoundText("frame.nothing", "en"), Texts.Find(typeof(Frame), "frame.nothing", "bs", strict: false));
    }

    [Theory]
    [InlineData("missing in bs", "a.title", "Title", "b.title", "Naslov")]
    [InlineData("not in English", "a.title", "Title", "b.title", "Naslov")]
    [InlineData("other placeholders", "a.title", "Title {0}", "a.title", "Naslov {1}")]
    [InlineData("'a.count.few' is missing in bs", "a.count.other", "{0} calls", "a.count.other", "{0} poziva")]
    [InlineData("'a.count.one' is missing in en", "a.count.other", "{0} calls", "a.count.other", "{0} poziva")]
    public void The_check_finds_what_is_wrong(string problem, string englishKey, string english, string bosnianKey, string bosnian)
    {
        var languages = new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            ["en"] = new Dictionary<string, string> { [englishKey] = english },
            ["bs"] = new Dictionary<string, string> { [bosnianKey] = bosnian },
        };
        Assert.Contains(TextsCheck.Check(("folder", languages)), found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mk", "mk")]
    [InlineData("bs-Latn-BA", "bs")]
    [InlineData("BS", "bs")]
    [InlineData("de", null)]
    [InlineData("", null)]
    public void A_wished_language_is_met_exactly_or_by_its_first_part(string wish, string? met) => Assert.Equal(met, Languages.Match([null, wish]));
}
