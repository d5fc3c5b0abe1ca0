using FsCheck;
using FsCheck.Fluent;
using Grants.Reviews.Domain;

namespace Grants.Reviews.Tests.Domain;

public sealed class EvenAssignmentTests
{
    static readonly Guid[] People = [.. Enumerable.Range(1, 8).Select(number => Guid.Parse($"00000000-0000-0000-0000-{number:000000000000}"))];

    [Fact]
    public void Where_everybody_can_take_everything_nobody_has_two_more_than_another() =>
        Check.QuickThrowOnFailure(Prop.ForAll<PositiveInt, PositiveInt, PositiveInt>((applications, people, places) =>
        {
            var candidates = People[..(1 + people.Get % People.Length)];
            var wanted = Math.Min(1 + places.Get % 3, candidates.Length);
            var proposal = EvenAssignment.Propose([.. Enumerable.Range(0, applications.Get % 40).Select(number => Lacking(number, wanted, candidates))], new Dictionary<Guid, int>());
            var loads = candidates.Select(person => proposal.Values.Count(chosen => chosen.Contains(person))).ToList();
            return proposal.Values.All(chosen => chosen.Count == wanted) && loads.Max() - loads.Min() <= 1;
        }));

    [Fact]
    public void Only_candidates_are_proposed_each_once_as_many_as_can_be_and_no_hand_over_would_be_evener() =>
        Check.QuickThrowOnFailure(Prop.ForAll<NonNegativeInt[], NonNegativeInt[]>((masks, open) =>
        {
            var lacking = masks.Take(12).Select((mask, number) => Lacking(number, 1 + mask.Get % 3, [.. People.Where((_, bit) => (mask.Get * 31 + 7 >> bit & 1) == 1)])).ToList();
            var loads = People.Zip(open).ToDictionary(pair => pair.First, pair => pair.Second.Get % 6);
            var proposal = EvenAssignment.Propose(lacking, loads);
            int Load(Guid person) => loads.GetValueOrDefault(person) + proposal.Values.Count(chosen => chosen.Contains(person));
            return lacking.TrueForAll(one =>
            {
                var chosen = proposal[one.ApplicationId];
                return chosen.Count == Math.Min(one.Places, one.Candidates.Count) && chosen.Distinct().Count() == chosen.Count && chosen.All(one.Candidates.Contains)
                    && chosen.All(person => one.Candidates.Except(chosen).All(other => Load(other) > Load(person) - 2));
            });
        }));

    [Fact]
    public void The_proposal_does_not_depend_on_the_order_it_is_made_from() =>
        Check.QuickThrowOnFailure(Prop.ForAll<NonNegativeInt[]>(masks =>
        {
            var lacking = masks.Take(12).Select((mask, number) => Lacking(number, 1 + mask.Get % 3, [.. People.Where((_, bit) => (mask.Get * 31 + 7 >> bit & 1) == 1)])).ToList();
            var (one, other) = (EvenAssignment.Propose(lacking, new Dictionary<Guid, int>()),
                EvenAssignment.Propose(Enumerable.Reverse(lacking).Select(line => line with { Candidates = [.. line.Candidates.Reverse()] }), new Dictionary<Guid, int>()));
            return one.All(line => line.Value.SequenceEqual(other[line.Key]));
        }));

    [Fact]
    public void Somebody_who_alone_can_take_one_is_relieved_of_another_by_a_chain()
    {
        // The first alone can take the first two; what he has besides goes to the second, and what she has to the third.
        var proposal = EvenAssignment.Propose(
            [Lacking(1, 1, People[0]), Lacking(2, 1, People[0]), Lacking(3, 1, People[0], People[1]), Lacking(4, 1, People[1], People[2]), Lacking(5, 1, People[1], People[2])],
            new Dictionary<Guid, int> { [People[2]] = 1 });
        Assert.Equal([2, 2, 1], People[..3].Select(person => proposal.Values.Count(chosen => chosen.Contains(person))));
    }

    [Theory]
    [InlineData("bs", "bs", true)]
    [InlineData("bs", "sr-Cyrl", true)]
    [InlineData("hr", "sr-Latn", true)]
    [InlineData("bs", "mk", false)]
    [InlineData("en", "sq", false)]
    [InlineData("sq-AL", "sq", true)]
    [InlineData("", "sq", true)]
    [InlineData("bs", "", true)]
    public void Languages_that_are_read_alike_are_one(string person, string application, bool reads) => Assert.Equal(reads, Reading.Reads(person, application));

    static OpenPlaces Lacking(int number, int places, params Guid[] candidates) =>
        new(Guid.Parse($"10000000-0000-0000-0000-{number:000000000000}"), $"L4C-{number:00000}", places, candidates);
}
