using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Grants.Testing;

namespace Grants.Platform.Tests;

public class IbanTests
{
    // Published examples of the registry; nobody's accounts.
    static readonly string[] Examples =
    [
        "AL47212110090000000235698741", "BA391290079401028494", "XK051212012345678906", "ME25505000012345678951", "MK07250120000058984", "RS35260005601001611379",
        "TR330006100519786457841326", "SI56263300012039086", "LV80BANK0000435195001", "IT60X0542811101000000123456", "PT50000201231234567890154",
        "FR1420041010050500013M02606", "RO49AAAA1B31007593840000", "HR1210010051863000160",
    ];

    public static TheoryData<string> Valid => [.. Examples];

    [Theory]
    [MemberData(nameof(Valid))]
    public void Examples_of_every_country_are_fine(string iban)
    {
        var check = Iban.Check(iban);
        Assert.Equal(new IbanCheck(IbanResult.Ok, iban, false), check);
        Assert.Equal(iban[..2], check.Country);
        Assert.Equal(iban, check.Formatted.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("", check.Sentence(CultureInfo.GetCultureInfo("bs")));
    }

    [Theory]
    [InlineData("BA39 1290 0794 0102 8494")]
    [InlineData(" ba39-1290-0794-0102-8494 ")]
    [InlineData("IBAN BA391290079401028494")]
    [InlineData("IBAN: BA39 1290 0794 0102 8494")]
    [InlineData("BA39\u00A01290\u00A00794\u00A00102\u00A08494")]
    [InlineData("\u0412\u0410391290079401028494")] // Cyrillic
    [InlineData("ＢＡ39１２90079401028494")] // full width
    public void Ways_of_writing_are_put_right(string typed)
    {
        Assert.Equal(new IbanCheck(IbanResult.Ok, "BA391290079401028494", false), Iban.Check(typed));
        Assert.Equal("BA39 1290 0794 0102 8494", Iban.Check(typed).Formatted);
    }

    [Theory]
    [InlineData(null, IbanResult.Empty)]
    [InlineData("  ", IbanResult.Empty)]
    [InlineData("BA39 1290 0794 0102 849!", IbanResult.BadCharacters)]
    [InlineData("БА391290079401028494", IbanResult.BadCharacters)] // the first letter has no Latin twin
    [InlineData("BA\u0663\u0669 1290079401028494", IbanResult.BadCharacters)]
    [InlineData("B", IbanResult.UnknownCountry)]
    [InlineData("1290079401028494", IbanResult.UnknownCountry)]
    [InlineData("XX22YYY1234567890123", IbanResult.UnknownCountry)]
    [InlineData("BA39129007940102849", IbanResult.WrongLength)]
    [InlineData("BA3912900794010284944", IbanResult.WrongLength)]
    [InlineData("BA", IbanResult.WrongLength)]
    [InlineData("BA39129O079401028494", IbanResult.WrongStructure)] // the letter O
    [InlineData("LV80B4NK0000435195001", IbanResult.WrongStructure)]
    [InlineData("BA39\uD8001290079401028494", IbanResult.BadCharacters)]
    [InlineData("BA391290079401028949", IbanResult.WrongCheckDigits)]
    [InlineData("BA391290079401024894", IbanResult.WrongCheckDigits)]
    public void What_is_wrong_is_named(string? typed, IbanResult expected)
    {
        Assert.Equal(expected, Iban.Check(typed).Result);
        Assert.False(Iban.Check(typed).IsOk);
    }

    [Fact]
    public void A_wall_of_text_is_refused_unread() => Assert.Equal(IbanResult.BadCharacters, Iban.Check(new string('9', 100_000)).Result);

    [Fact]
    public void Other_check_digits_than_the_countrys_own_are_a_warning_and_in_montenegro_an_error()
    {
        // A right mod-97 sum over an account number whose own check digits are wrong.
        var bosnian = WithCheckDigits("BA", "1290079401028495");
        Assert.Equal(new IbanCheck(IbanResult.Ok, bosnian, true), Iban.Check(bosnian));
        Assert.NotEqual("", Iban.Check(bosnian).Sentence(CultureInfo.GetCultureInfo("mk")));
        Assert.Equal(IbanResult.WrongCheckDigits, Iban.Check(WithCheckDigits("ME", "505000012345678952")).Result);
    }

    [Fact]
    public void Every_swap_of_two_neighbours_is_found()
    {
        foreach (var iban in Examples)
        {
            for (var at = 2; at < iban.Length - 1; at++)
            {
                // B counts as 11, M as 22, X as 33: beside their own digit they make the same sum in either order.
                if (iban[at] == iban[at + 1] || iban[at..(at + 2)] is "B1" or "1B" or "M2" or "2M" or "X3" or "3X") continue;
                var letters = iban.ToCharArray();
                (letters[at], letters[at + 1]) = (letters[at + 1], letters[at]);
                Assert.False(Iban.Check(new string(letters)).IsOk, $"{iban}: swap at {at}");
            }
        }
    }

    // A letter in a digit's place makes the number one digit longer: of those the sum finds 96 in 97, so only digit for digit and letter for letter is sure.
    [Fact]
    public void Every_single_wrong_digit_or_letter_is_found() => Prop.ForAll(
        Gen.Elements(Examples).ToArbitrary(), Gen.Choose(0, 33).ToArbitrary(), Gen.Elements("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".ToCharArray()).ToArbitrary(),
        (iban, at, letter) =>
        {
            var letters = iban.ToCharArray();
            at %= letters.Length;
            if (letters[at] == letter || char.IsAsciiDigit(letters[at]) != char.IsAsciiDigit(letter)) return true;
            letters[at] = letter;
            return !Iban.Check(new string(letters)).IsOk;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_typed_throws() => Prop.ForAll<string>(typed => Iban.Check(typed).Normalised is not null).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_result_has_a_sentence_in_every_language_of_the_pages()
    {
        foreach (var result in Enum.GetValues<IbanResult>().Where(result => result != IbanResult.Ok))
        {
            var check = new IbanCheck(result, "BA3912", false);
            var sentences = new[] { "en", "bs", "mk" }.Select(language => check.Sentence(CultureInfo.GetCultureInfo(language))).ToList();
            Assert.Equal(3, sentences.Distinct().Count());
            Assert.All(sentences, sentence => Assert.DoesNotContain("{", sentence));
        }
        Assert.Equal("IBAN koji počinje sa BA ima 20 znakova, a upisano ih je 6. Provjerite da neki znak ne nedostaje i da nijedan nije upisan dvaput.",
            Iban.Check("BA3912").Sentence(CultureInfo.GetCultureInfo("bs")));
    }

    [SharedFact]
    public void The_registrys_vectors_are_judged_as_they_should_be()
    {
        using var data = JsonDocument.Parse(Shared.Text("data/iban/iban.json"));
        foreach (var country in data.RootElement.GetProperty("structures").EnumerateObject())
        {
            var example = country.Value.GetProperty("example").GetString()!;
            Assert.Equal(new IbanCheck(IbanResult.Ok, example, false), Iban.Check(example));
            Assert.Equal(country.Value.GetProperty("length").GetInt32(), Iban.LengthIn(country.Name));
        }
        foreach (var valid in data.RootElement.GetProperty("valid").EnumerateArray().Select(value => value.GetString()!))
        {
            var check = Iban.Check(valid);
            // Some are of countries far from our programmes; their check digits are right all the same.
            Assert.True(check.IsOk || check.Result == IbanResult.UnknownCountry, valid);
            Assert.True(Iban.HasRightCheckDigits(check.Normalised), valid);
        }
        foreach (var invalid in data.RootElement.GetProperty("invalid").EnumerateArray()) Assert.False(Iban.Check(invalid.GetString()).IsOk, invalid.GetString());
    }

    static string WithCheckDigits(string country, string account) => Enumerable.Range(2, 97)
        .Select(digits => $"{country}{digits.ToString("00", CultureInfo.InvariantCulture)}{account}").First(Iban.HasRightCheckDigits);
}
