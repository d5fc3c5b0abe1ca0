using Grants.Applications.Domain;

namespace Grants.Applications.Tests.Domain;

public sealed class PartnerTests
{
    [Fact]
    public void A_call_that_needs_partners_wants_them_confirmed_enough_and_from_abroad()
    {
        var call = World.Call() with { Applicants = World.Call().Applicants with { MinPartners = 2, MaxPartners = 3, PartnersFromAnotherCountry = 1 } };
        Assert.Equal([PartnerProblemKind.TooFew, PartnerProblemKind.TooFewForeign], Kinds());
        Assert.Equal([PartnerProblemKind.NotConfirmed], Kinds(Of(PartnerState.Asked), Of(PartnerState.Confirmed, "MK")));
        Assert.Equal([PartnerProblemKind.Declined], Kinds(Of(PartnerState.Declined), Of(PartnerState.Confirmed, "MK")));
        Assert.Equal([PartnerProblemKind.TooFewForeign], Kinds(Of(PartnerState.Confirmed), Of(PartnerState.Named)));
        Assert.Empty(Kinds(Of(PartnerState.Confirmed), Of(PartnerState.Named, "MK")));
        Assert.Equal([PartnerProblemKind.TooMany], Kinds([.. Enumerable.Range(0, 4).Select(_ => Of(PartnerState.Named, "MK"))]));

        IEnumerable<PartnerProblemKind> Kinds(params Partner[] partners) => Partner.Missing(call, "BA", partners).Select(problem => problem.Kind);
    }

    [Fact]
    public void Where_none_is_needed_nobody_waits_for_an_answer_but_who_declined_is_not_named() =>
        Assert.Equal([PartnerProblemKind.Declined], Partner.Missing(World.Call(), "BA", [Of(PartnerState.Asked), Of(PartnerState.Declined)]).Select(problem => problem.Kind));

    static Partner Of(PartnerState state, string country = "BA") => new() { Id = Guid.CreateVersion7(), Name = "P", State = state, Country = country };
}
