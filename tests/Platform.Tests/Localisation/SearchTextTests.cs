using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Platform.Tests.Localisation;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("Žepče", "zepce")]
    [InlineData("Жепче", "zepce")]
    [InlineData("Đurđevdan", "djurdjevdan")]
    [InlineData("Djurdjevdan", "djurdjevdan")]
    [InlineData("Ђурђевдан", "djurdjevdan")]
    [InlineData("Љубљана", "ljubljana")]
    [InlineData("Ǉubǉana", "ljubljana")]
    [InlineData("Његош", "njegos")]
    [InlineData("џемпер, ДЖЕМПЕР; džemper", "dzemper dzemper dzemper")]
    [InlineData("Ќе одиме по ѓубре", "kje odime po gjubre")]
    [InlineData("ѕвезда ѝ сѐ", "dzvezda i se")]
    [InlineData("Shkodër, Çamëri", "shkoder cameri")]
    [InlineData("İstanbul ılık", "istanbul ilik")]
    [InlineData("București; Timișoara", "bucuresti timisoara")]
    [InlineData("S\u030Caba\u0304c", "sabac")]
    [InlineData("  „Šljiva“ –  2026 ", "sljiva 2026")]
    [InlineData("\uD800", "")]
    [InlineData("", "")]
    public void Accents_and_scripts_do_not_matter(string text, string folded) => Assert.Equal(folded, SearchText.Fold(text));

    [Fact]
    public void Words_are_found_in_any_order_and_inside_longer_ones()
    {
        Assert.True(SearchText.Finds("grantovi mali", "Mali grantovi", "Žepče"));
        Assert.True(SearchText.Finds("жепч", "Mali grantovi", "Žepče"));
        Assert.True(SearchText.Finds("  ", "Mali grantovi"));
        Assert.False(SearchText.Finds("mali krediti", "Mali grantovi"));
        // What is no word finds nothing, and does not pretend to have found everything.
        Assert.False(SearchText.Finds("???", "Mali grantovi"));
    }
}

public sealed class NearLanguagesTests
{
    [Theory]
    [InlineData("bs", new[] { "en", "sr-Latn", "hr" }, "hr")]
    [InlineData("bs", new[] { "en", "sr-Cyrl", "sr-Latn" }, "sr-Latn")]
    [InlineData("bs", new[] { "en", "sr-Cyrl" }, "sr-Cyrl")]
    [InlineData("bs", new[] { "sq", "en" }, "en")]
    [InlineData("mk", new[] { "sr-Cyrl", "en" }, "en")]
    [InlineData("sq", new[] { "mk", "sq" }, "sq")]
    [InlineData("mk", new[] { "sq", "tr" }, "sq")]
    public void The_best_language_of_a_call_is_one_its_reader_reads(string reader, string[] there, string best)
    {
        Assert.Equal(best, NearLanguages.Best(there, reader));
        Assert.Equal(best, LocalText.Pick(there.ToDictionary(language => language, language => language), reader).Language);
    }

    [Fact]
    public void A_text_that_lacks_the_language_of_the_page_is_read_in_that_of_the_reader()
    {
        var text = new Dictionary<string, string> { ["en"] = "Call", ["mk"] = "Повик", ["sq"] = "" };
        Assert.Equal(("Повик", "mk"), LocalText.Pick(text, "sq", "mk"));
        Assert.Equal(("Call", "en"), LocalText.Pick(text, "sq", "bs"));
        Assert.Equal(("", "sq"), LocalText.Pick(new Dictionary<string, string>(), "sq", "bs"));
    }
}
