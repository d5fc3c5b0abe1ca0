using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Grants.Platform.Files;
using Grants.Platform.Localisation;
using Grants.Testing;

namespace Grants.Platform.Tests.Files;

public class CanonicalJsonTests
{
    sealed record Sample(string Name, long AmountMinor, DateTimeOffset At, DayOfWeek Day, Guid Id, int? Nothing);

    static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Canonicalise(json));

    [Fact]
    public void Names_are_sorted_by_code_units_and_spaces_are_gone() =>
        Assert.Equal("""{"":0,"A":1,"a":{"b":[1,2,{}],"c":null},"ж":true,"\ud83d\ude00":false,"\ufb33":[]}""".Replace("\\ud83d\\ude00", "😀").Replace("\\ufb33", "ﬡ"),
            Canonical("""{ "ﬡ": [], "😀": false, "ж": true, "a": { "c": null, "b": [1, 2, {}] }, "A": 1, "": 0 }"""));

    [Fact]
    public void Text_is_composed_and_escaped_as_little_as_possible()
    {
        Assert.Equal("\"\\u0000\\b\\t\\n\\f\\r\\u001f\\\"\\\\/<>&'\u007f\u2028é€😀\"", Canonical("\"\\u0000\\b\\t\\n\\f\\r\\u001F\\\"\\\\\\/<>&'\\u007f\\u2028e\\u0301\\u20ac\\ud83d\\ude00\""));
        Assert.Equal(Canonical("""{"c\u030c":"s\u030c"}"""), Canonical("""{"č":"š"}"""));
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-17", "-17")]
    [InlineData("9007199254740991", "9007199254740991")]
    public void Integers_are_written_plainly(string json, string canonical) => Assert.Equal(canonical, Canonical(json));

    [Theory]
    [InlineData("1.5")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"č":1,"c\u030c":2}""")]
    public void Fractions_huge_numbers_and_names_twice_are_refused(string json) => Assert.Throws<NotSupportedException>(() => Canonical(json));

    [Fact]
    public void Objects_become_json_with_instants_in_milliseconds_and_come_back()
    {
        var id = Guid.Parse("0195d0a0-0000-7000-8000-000000000001");
        var sample = new Sample("Udruženje žena", 123_450, new DateTimeOffset(2027, 1, 15, 23, 59, 0, 7, TimeSpan.FromHours(1)), DayOfWeek.Friday, id, null);
        var bytes = CanonicalJson.Serialize(sample);
        Assert.Equal("""{"amountMinor":123450,"at":"2027-01-15T22:59:00.007Z","day":"Friday","id":"0195d0a0-0000-7000-8000-000000000001","name":"Udruženje žena","nothing":null}""",
            Encoding.UTF8.GetString(bytes));
        Assert.Equal(sample with { At = sample.At.ToUniversalTime() }, CanonicalJson.Deserialize<Sample>(bytes));
        Assert.Equal(bytes, CanonicalJson.Serialize(JsonNode.Parse(bytes)));
    }

    [Fact]
    public void The_hash_is_lower_case_hex() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", CanonicalJson.Sha256Hex("abc"u8));

    [Fact]
    public void The_order_of_members_does_not_matter_and_canonical_json_stays_itself() => Prop.ForAll(
        ArbMap.Default.ArbFor<Dictionary<int, int>>(), ArbMap.Default.ArbFor<int>(), (members, seed) =>
        {
            var random = new System.Random(seed);
            // Letters from all over: sorting by code units is not sorting by code points.
            var named = members.Select(member => (Name: char.ConvertFromUtf32(0x21 + (int)((uint)member.Key * 7 % 0xD000)) + member.Key, member.Value)).ToList();
            string Json(IEnumerable<(string Name, int Value)> list) => new JsonObject(list.Select(member =>
                KeyValuePair.Create<string, JsonNode?>(member.Name, member.Value))).ToJsonString();
            var once = CanonicalJson.Canonicalise(Json(named));
            var shuffled = CanonicalJson.Canonicalise(Json(named.OrderBy(_ => random.Next())));
            return once.SequenceEqual(shuffled) && once.SequenceEqual(CanonicalJson.Canonicalise(Encoding.UTF8.GetString(once)));
        }).QuickCheckThrowOnFailure();

    [SharedFact]
    public void Naughty_strings_survive()
    {
        foreach (var text in Naughty.Strings)
        {
            var bytes = CanonicalJson.Serialize(new Dictionary<string, string> { [text] = text });
            var back = JsonSerializer.Deserialize<Dictionary<string, string>>(bytes)!.Single();
            Assert.Equal(TextForm.Nfc(text), back.Value);
            Assert.Equal(back.Key, back.Value);
        }
    }
}
