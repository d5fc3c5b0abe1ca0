using System.Text.Json;
using Grants.Applications.Domain;
using Grants.Testing;

namespace Grants.Applications.Tests.Domain;

public sealed class OrganisationNumberTests
{
    static readonly Dictionary<string, string> Schemes = new()
    {
        ["al.nipt"] = "AL-NIPT", ["me.pib"] = "ME-PIB", ["mk.edb"] = "MK-EDB", ["rs.pib"] = "RS-PIB", ["si.maticna"] = "SI-PRS", ["si.ddv"] = "SI-TIN", ["lv.pvn"] = "LV-RE", ["hr.oib"] = "HR-OIB",
        ["ro.cui"] = "RO-CUI", ["ro.cf"] = "RO-CUI", ["tr.vkn"] = "TR-VKN", ["it.iva"] = "IT-CF", ["it.codicefiscale"] = "IT-CF", ["pt.nif"] = "PT-NIPC", ["fr.siren"] = "FR-SIREN", ["fr.siret"] = "FR-SIRET",
    };

    [SharedFact]
    public void Numbers_that_others_collected_are_judged_as_they_judged_them()
    {
        using var vectors = JsonDocument.Parse(Shared.Text("data/organisation-numbers/vectors.json"));
        var judged = 0;
        var wrong = new List<string>();
        foreach (var (name, scheme) in Schemes)
        {
            foreach (var isValid in new[] { true, false })
            {
                foreach (var number in vectors.RootElement.GetProperty(name).GetProperty(isValid ? "valid" : "invalid").EnumerateArray().Select(element => element.GetString()!))
                {
                    judged++;
                    if (OrganisationNumbers.Check(scheme, number) == NumberResult.Fine != isValid) wrong.Add($"{name}: {number} should be {(isValid ? "fine" : "refused")}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.True(judged > 150, $"Only {judged} numbers were judged.");
    }

    [Fact]
    public void Look_alike_letters_of_Cyrillic_are_the_same_number() =>
        Assert.Equal(OrganisationNumbers.Normal("MK 4030002456746"), OrganisationNumbers.Normal("МК4030002456746"));

    [Theory]
    // Real numbers that break the rule of their kind, and of kinds without one: never refused.
    [InlineData("ME-PIB", "04252361", NumberResult.Doubtful)]
    [InlineData("RS-MB", "29500258", NumberResult.Fine)]
    [InlineData("BA-JIB", "4227123456789", NumberResult.Fine)]
    [InlineData("BA-JIB", "123", NumberResult.Doubtful)]
    [InlineData("HR-OIB", "33392005962", NumberResult.Wrong)]
    [InlineData("", "anything", NumberResult.Fine)]
    [InlineData("HR-OIB", "", NumberResult.Wrong)]
    [InlineData("RO-CUI", "1", NumberResult.Wrong)]
    public void A_solid_rule_refuses_and_another_one_warns(string scheme, string number, NumberResult result) => Assert.Equal(result, OrganisationNumbers.Check(scheme, number));
}
