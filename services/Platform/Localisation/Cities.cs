namespace Grants.Platform.Localisation;

/// <summary>Names of the cities that time zones are called after, where a language does not write them as the zone does.</summary>
static class Cities
{
    static readonly Dictionary<string, Dictionary<string, string>> ByZone = new(StringComparer.Ordinal)
    {
        ["Europe/Sarajevo"] = new() { ["mk"] = "Сараево", ["sr"] = "Сарајево", ["bs-Cyrl"] = "Сарајево", ["sq"] = "Sarajevë", ["lv"] = "Sarajeva", ["tr"] = "Saraybosna" },
        ["Europe/Skopje"] = new()
        {
            ["bs"] = "Skoplje", ["hr"] = "Skoplje", ["sr-Latn"] = "Skoplje", ["sr"] = "Скопље", ["bs-Cyrl"] = "Скопље", ["mk"] = "Скопје", ["sq"] = "Shkup", ["tr"] = "Üsküp",
        },
        ["Europe/Tirane"] = new()
        {
            [""] = "Tirana", ["mk"] = "Тирана", ["sr"] = "Тирана", ["bs-Cyrl"] = "Тирана", ["sq"] = "Tiranë", ["tr"] = "Tiran", ["lv"] = "Tirāna",
        },
        ["Europe/Belgrade"] = new()
        {
            ["bs"] = "Beograd", ["hr"] = "Beograd", ["sr-Latn"] = "Beograd", ["sl"] = "Beograd", ["sr"] = "Београд", ["bs-Cyrl"] = "Београд", ["mk"] = "Белград",
            ["sq"] = "Beograd", ["tr"] = "Belgrad", ["it"] = "Belgrado", ["pt"] = "Belgrado", ["lv"] = "Belgrada", ["ro"] = "Belgrad",
        },
        ["Europe/Pristina"] = new()
        {
            ["bs"] = "Priština", ["hr"] = "Priština", ["sr-Latn"] = "Priština", ["sl"] = "Priština", ["sr"] = "Приштина", ["bs-Cyrl"] = "Приштина", ["mk"] = "Приштина",
            ["sq"] = "Prishtinë", ["tr"] = "Priştine", ["lv"] = "Priština",
        },
        ["Europe/Podgorica"] = new() { ["sr"] = "Подгорица", ["bs-Cyrl"] = "Подгорица", ["mk"] = "Подгорица", ["sq"] = "Podgoricë", ["lv"] = "Podgorica" },
        ["Europe/Brussels"] = new()
        {
            ["bs"] = "Brisel", ["hr"] = "Bruxelles", ["sr-Latn"] = "Brisel", ["sr"] = "Брисел", ["bs-Cyrl"] = "Брисел", ["mk"] = "Брисел", ["sq"] = "Bruksel", ["sl"] = "Bruselj",
            ["tr"] = "Brüksel", ["it"] = "Bruxelles", ["fr"] = "Bruxelles", ["pt"] = "Bruxelas", ["ro"] = "Bruxelles", ["lv"] = "Brisele",
        },
        ["Europe/Zagreb"] = new() { ["sr"] = "Загреб", ["bs-Cyrl"] = "Загреб", ["mk"] = "Загреб", ["it"] = "Zagabria", ["lv"] = "Zagreba", ["pt"] = "Zagrebe" },
        ["Europe/Ljubljana"] = new() { ["sr"] = "Љубљана", ["bs-Cyrl"] = "Љубљана", ["mk"] = "Љубљана", ["it"] = "Lubiana", ["lv"] = "Ļubļana", ["pt"] = "Liubliana" },
        ["Europe/Istanbul"] = new()
        {
            ["bs"] = "Istanbul", ["sr"] = "Истанбул", ["bs-Cyrl"] = "Истанбул", ["mk"] = "Истанбул", ["tr"] = "İstanbul", ["sq"] = "Stamboll", ["sl"] = "Carigrad", ["pt"] = "Istambul",
            ["lv"] = "Stambula",
        },
        ["Etc/UTC"] = new() { [""] = "UTC" },
    };

    public static string Of(string zone, string language)
    {
        if (ByZone.TryGetValue(zone, out var names) && (names.TryGetValue(language, out var name) || names.TryGetValue("", out name))) return name;
        return zone[(zone.LastIndexOf('/') + 1)..].Replace('_', ' ');
    }
}
