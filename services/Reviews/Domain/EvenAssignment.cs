namespace Grants.Reviews.Domain;

/// <summary>An application that lacks evaluators.</summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="Reference">Its reference, which settles the order.</param>
/// <param name="Places">How many it lacks.</param>
/// <param name="Candidates">Who could take it: not tied, not assigned before, in scope, reading its language.</param>
public sealed record OpenPlaces(Guid ApplicationId, string Reference, int Places, IReadOnlyList<Guid> Candidates);

/// <summary>
/// Proposes evaluators for many applications so that open reviews are spread as evenly as the candidates allow. The same input gives the same proposal, in
/// whichever order it is read.
/// </summary>
public static class EvenAssignment
{
    /// <summary>The proposal by application; fewer than there are places where candidates run out.</summary>
    /// <param name="applications">What lacks evaluators.</param>
    /// <param name="loads">Open reviews of each candidate now; who is missing has none.</param>
    public static IReadOnlyDictionary<Guid, IReadOnlyList<Guid>> Propose(IEnumerable<OpenPlaces> applications, IReadOnlyDictionary<Guid, int> loads)
    {
        // Whoever has few candidates chooses first.
        var ordered = applications.OrderBy(one => one.Candidates.Count).ThenBy(one => one.Reference, StringComparer.Ordinal).ThenBy(one => one.ApplicationId).ToList();
        var load = ordered.SelectMany(one => one.Candidates).Distinct().ToDictionary(person => person, person => loads.GetValueOrDefault(person));
        var taken = ordered.ToDictionary(one => one.ApplicationId, _ => new SortedSet<Guid>());
        foreach (var one in ordered)
        {
            foreach (var person in one.Candidates.Distinct().OrderBy(person => load[person]).ThenBy(person => person).Take(one.Places))
            {
                taken[one.ApplicationId].Add(person);
                load[person]++;
            }
        }

        while (Relieve(ordered, taken, load))
        {
        }

        return taken.ToDictionary(one => one.Key, one => (IReadOnlyList<Guid>)[.. one.Value]);
    }

    /// <summary>
    /// Hands reviews on along a chain of people, each to one who could take it, from somebody to somebody with at least two fewer. While there is such a chain
    /// the spread can become smaller, and when there is none it cannot.
    /// </summary>
    static bool Relieve(IReadOnlyList<OpenPlaces> applications, Dictionary<Guid, SortedSet<Guid>> taken, Dictionary<Guid, int> load)
    {
        foreach (var start in load.Keys.OrderByDescending(person => load[person]).ThenBy(person => person))
        {
            var reached = new Dictionary<Guid, (Guid From, Guid Application)?> { [start] = null };
            var waiting = new Queue<Guid>([start]);
            while (waiting.TryDequeue(out var person))
            {
                if (load[person] <= load[start] - 2)
                {
                    load[start]--;
                    load[person]++;
                    for (var at = person; reached[at] is { } step; at = step.From)
                    {
                        taken[step.Application].Remove(step.From);
                        taken[step.Application].Add(at);
                    }

                    return true;
                }

                foreach (var one in applications.Where(one => taken[one.ApplicationId].Contains(person)))
                {
                    foreach (var other in one.Candidates.Where(other => !taken[one.ApplicationId].Contains(other)).Order())
                        if (reached.TryAdd(other, (person, one.ApplicationId))) waiting.Enqueue(other);
                }
            }
        }

        return false;
    }
}

/// <summary>Whether somebody reads the language an application is written in.</summary>
public static class Reading
{
    // Written differently, read by all who read one of them.
    static readonly string[] Alike = ["bs", "hr", "sr", "cnr", "sh"];

    /// <summary>True when the languages are one, are read alike, or one of them is not known.</summary>
    public static bool Reads(string person, string application)
    {
        var (one, other) = (Base(person), Base(application));
        return one.Length == 0 || other.Length == 0 || one == other || Alike.Contains(one) && Alike.Contains(other);
    }

    static string Base(string tag) => tag.Split('-')[0].ToLowerInvariant();
}
