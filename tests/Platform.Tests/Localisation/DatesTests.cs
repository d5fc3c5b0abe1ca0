using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Grants.Platform.Localisation;

namespace Grants.Platform.Tests.Localisation;

public class DatesTests
{
    static readonly DateTimeOffset Deadline = new(2027, 1, 15, 22, 59, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("en", "Friday 15 January 2027, 23:59 (Sarajevo)")]
    [InlineData("en-GB", "Friday 15 January 2027, 23:59 (Sarajevo)")]
    [InlineData("bs", "petak, 15. januar 2027. u 23:59 (Sarajevo)")]
    [InlineData("hr", "petak, 15. siječnja 2027. u 23:59 (Sarajevo)")]
    [InlineData("sr-Latn", "petak, 15. januar 2027. u 23:59 (Sarajevo)")]
    [InlineData("sr-Cyrl", "петак, 15. јануар 2027. у 23:59 (Сарајево)")]
    [InlineData("mk", "петок, 15 јануари 2027 г. во 23:59 (Сараево)")]
    [InlineData("fr", "vendredi 15 janvier 2027, 23:59 (Sarajevo)")]
    public void A_moment_names_the_weekday_and_the_city_of_its_zone(string language, string shown) =>
        Assert.Equal(shown, Dates.Instant(Deadline, "Europe/Sarajevo", CultureInfo.GetCultureInfo(language)));

    [Theory]
    [InlineData("en", "15 Jan 2027, 23:59")]
    [InlineData("bs", "15. 1. 2027. u 23:59")]
    [InlineData("mk", "15.1.2027 г. во 23:59")]
    public void Tables_show_the_short_form(string language, string shown) =>
        Assert.Equal(shown, Dates.ShortInstant(Deadline, "Europe/Sarajevo", CultureInfo.GetCultureInfo(language)));

    [Theory]
    [InlineData("en", "Friday 15 January 2027")]
    [InlineData("bs", "petak, 15. januar 2027.")]
    [InlineData("mk", "петок, 15 јануари 2027 г.")]
    [InlineData("lv", "Piektdiena, 2027. gada 15. janvāris")]
    public void Days_have_no_time(string language, string shown) =>
        Assert.Equal(shown, Dates.Day(new DateOnly(2027, 1, 15), CultureInfo.GetCultureInfo(language)));

    [Theory]
    [InlineData("Europe/Skopje", "bs", "Skoplje")]
    [InlineData("Europe/Skopje", "mk", "Скопје")]
    [InlineData("Europe/Tirane", "en", "Tirana")]
    [InlineData("Europe/Tirane", "sq", "Tiranë")]
    [InlineData("Europe/Belgrade", "en", "Belgrade")]
    [InlineData("Europe/Pristina", "sq", "Prishtinë")]
    [InlineData("Europe/Podgorica", "mk", "Подгорица")]
    [InlineData("Europe/Brussels", "bs", "Brisel")]
    [InlineData("America/New_York", "bs", "New York")]
    public void Cities_are_written_as_the_reader_writes_them(string zone, string language, string city) =>
        Assert.Equal(city, Dates.City(zone, CultureInfo.GetCultureInfo(language)));

    [Theory]
    [InlineData("2027-01-15T23:59", "Europe/Sarajevo", "2027-01-15T22:59:00")]
    [InlineData("2027-07-15T23:59:59", "Europe/Sarajevo", "2027-07-15T21:59:59")]
    [InlineData("2027-01-15 12:00", "Europe/Pristina", "2027-01-15T11:00:00")]
    [InlineData("2027-01-15T12:00", "Europe/Istanbul", "2027-01-15T09:00:00")]
    public void A_local_time_in_a_zone_is_one_instant(string local, string zone, string utc)
    {
        Assert.True(Dates.TryInstant(local, zone, out var instant, out var problem), problem.ToString());
        Assert.Equal(DateTimeOffset.Parse(utc + "Z", CultureInfo.InvariantCulture), instant);
        Assert.Equal(TimeSpan.Zero, instant.Offset);
    }

    [Theory]
    [InlineData("2027-03-28T02:30", "Europe/Sarajevo", DateProblem.DoesNotExist)]
    [InlineData("2027-10-31T02:30", "Europe/Sarajevo", DateProblem.ExistsTwice)]
    [InlineData("2027-02-30T12:00", "Europe/Sarajevo", DateProblem.Malformed)]
    [InlineData("15.1.2027 12:00", "Europe/Sarajevo", DateProblem.Malformed)]
    [InlineData("2027-01-15", "Europe/Sarajevo", DateProblem.Malformed)]
    [InlineData("0001-01-01T00:00", "Europe/Sarajevo", DateProblem.Malformed)]
    [InlineData("", "Europe/Sarajevo", DateProblem.Malformed)]
    [InlineData(null, "Europe/Sarajevo", DateProblem.Malformed)]
    [InlineData("2027-01-15T12:00", "Europe/Mostar", DateProblem.UnknownZone)]
    [InlineData("2027-01-15T12:00", "Central European Standard Time", DateProblem.UnknownZone)]
    [InlineData("2027-01-15T12:00", null, DateProblem.UnknownZone)]
    [InlineData("2027-01-15T12:00", "../../etc/passwd", DateProblem.UnknownZone)]
    public void What_is_not_one_instant_is_reported(string? local, string? zone, DateProblem expected)
    {
        Assert.False(Dates.TryInstant(local, zone, out _, out var problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void Every_instant_that_is_shown_unambiguously_comes_back() => Prop.ForAll(
        Gen.Choose(0, 60 * 24 * 365 * 5).ToArbitrary(), Gen.Elements("Europe/Sarajevo", "Europe/Skopje", "Europe/Istanbul", "Europe/Brussels").ToArbitrary(),
        (minutes, zone) =>
        {
            var instant = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minutes);
            var local = Dates.In(instant, zone).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
            return Dates.TryInstant(local, zone, out var back, out var problem) ? back == instant : problem == DateProblem.ExistsTwice;
        }).QuickCheckThrowOnFailure();
}
