using FsCheck;
using FsCheck.Fluent;
using Grants.Disbursements.Domain;

namespace Grants.Disbursements.Tests.Features.Ledger;

/// <summary>Random stories of the ledger against a model of a few lines: same refusals, same sums, whatever is repeated and wherever the process dies.</summary>
public sealed class LedgerModelTests
{
    public enum Step
    {
        Award,
        Pay,
        Release,
        Raise,
    }

    /// <param name="Step">What is tried.</param>
    /// <param name="Grant">One of four grants.</param>
    /// <param name="Key">Which instalment, or which occasion of a release: small, so that keys come again.</param>
    /// <param name="Amount">How much.</param>
    /// <param name="Crash">Whether the process dies before the commit.</param>
    public sealed record Command(Step Step, int Grant, int Key, int Amount, bool Crash);

    [Fact]
    public void Whatever_happens_the_ledger_agrees_with_the_model_and_sums_to_zero()
    {
        var command = from step in Gen.Elements(Step.Award, Step.Award, Step.Pay, Step.Pay, Step.Release, Step.Raise)
                      from grant in Gen.Choose(0, 3)
                      from key in Gen.Choose(0, 2)
                      from amount in Gen.Elements(1, 10, 30, 40, 70)
                      from crash in Gen.Elements(false, false, false, true)
                      select new Command(step, grant, key, amount, crash);
        var story = command.ListOf().Resize(25).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(story, commands => PlayAsync([.. commands]).GetAwaiter().GetResult()));
    }

    static async Task<bool> PlayAsync(IReadOnlyList<Command> commands)
    {
        using var ledger = await LedgerDatabase.CreateAsync(100);
        var grants = Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7()).ToArray();
        var model = new Model { Budget = 100 };
        foreach (var command in commands)
        {
            var grant = grants[command.Grant];
            var actual = command.Step switch
            {
                Step.Award => await ledger.AwardAsync(grant, command.Amount, command.Crash),
                Step.Pay => await ledger.RecordAsync(ledger.Payment(grant, InstalmentOf(grant, command.Key), command.Amount), command.Crash),
                Step.Release => await ledger.RecordAsync(
                    LedgerTransfer.Void(ledger.CallId, grant, $"{command.Key}", LedgerDatabase.Bam(command.Amount), LedgerDatabase.At, Guid.Empty), command.Crash),
                _ => await ledger.RecordAsync(
                    LedgerTransfer.Budget(ledger.CallId, 2 + command.Key, LedgerDatabase.Bam(command.Amount), LedgerDatabase.At), command.Crash),
            };
            var next = model.Copy();
            Assert.Equal(next.Apply(command), actual);
            if (!command.Crash) model = next;
            await ledger.AssertBooksAreRightAsync();
            var call = await ledger.CountersAsync(LedgerAccount.CallOf(ledger.CallId));
            Assert.Equal((model.Budget, model.Reserved, model.Paid), (call.CreditsPosted, call.DebitsPending, call.DebitsPosted));
        }

        return true;
    }

    static Guid InstalmentOf(Guid grant, int key) => LedgerTransfer.IdOf($"{grant}/{key}");

    sealed class Model
    {
        // What was written under which key; everything else is counted from these.
        Dictionary<string, (Step Step, int Grant, int Amount)> written = [];

        // A refused award leaves an empty account; a crash takes it back with everything else.
        HashSet<int> opened = [];

        public long Budget { get; set; }

        public long Paid => Sum(Step.Pay);

        public long Reserved => Sum(Step.Award) - Sum(Step.Pay) - Sum(Step.Release);

        public Model Copy() => new() { written = new(written), opened = [.. opened], Budget = Budget };

        public LedgerRefusal? Apply(Command command)
        {
            var key = command.Step switch
            {
                Step.Award => $"award {command.Grant}",
                Step.Raise => $"raise {command.Key}",
                _ => $"{command.Step} {command.Grant} {command.Key}",
            };
            if (command.Step == Step.Award) opened.Add(command.Grant);
            if (written.TryGetValue(key, out var before)) return before.Amount == command.Amount ? null : LedgerRefusal.KeyUsedDifferently;
            switch (command.Step)
            {
                case Step.Award when command.Amount > Budget - Reserved - Paid:
                    return LedgerRefusal.BeyondBudget;
                case Step.Pay or Step.Release when !opened.Contains(command.Grant):
                    return LedgerRefusal.WrongAccounts;
                case Step.Pay or Step.Release when command.Amount > Left(command.Grant):
                    return LedgerRefusal.BeyondAward;
                case Step.Raise:
                    Budget += command.Amount;
                    break;
            }

            written[key] = (command.Step, command.Grant, command.Amount);
            return null;
        }

        long Left(int grant) => Of(grant, Step.Award) - Of(grant, Step.Pay) - Of(grant, Step.Release);

        long Of(int grant, Step step) => written.Values.Where(w => w.Step == step && w.Grant == grant).Sum(w => w.Amount);

        long Sum(Step step) => written.Values.Where(w => w.Step == step).Sum(w => w.Amount);
    }
}
