namespace Grants.Notifications.Domain;

public enum MailState
{
    /// <summary>Not sent: no mail server took it yet.</summary>
    Waiting,

    /// <summary>The mail server took it. Whether it was read nobody knows.</summary>
    Sent,

    /// <summary>The mail server refused it for good.</summary>
    Refused,

    /// <summary>A day of attempts was in vain.</summary>
    GivenUp,

    /// <summary>What it was about was done, or its reader had gone, before it was sent.</summary>
    NotNeeded,
}

/// <summary>
/// A mail to one address. Its text is made in its language when it is shown or sent. It is either about an item of somebody's inbox, or carries a secret link.
/// </summary>
public sealed class Mail
{
    /// <summary>How long nobody else may send a mail that somebody is sending. Longer than sending can take.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    /// <summary>How long it is tried.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    static readonly TimeSpan LongestWait = TimeSpan.FromHours(1), WaitForEvents = TimeSpan.FromSeconds(30);

    /// <summary>Made by whoever asked for the mail: the same mail is never written twice. The Message-ID is made of it.</summary>
    public Guid Id { get; init; }

    /// <summary>The item of the inbox it tells of; null for a mail with a secret link.</summary>
    public Guid? ItemId { get; init; }

    /// <summary>For whom; null for a mail with a secret link, which goes to an address.</summary>
    public Guid? PersonId { get; init; }

    public string Template { get; init; } = "";

    /// <summary>What the template's sentences are filled with besides application and call: <see cref="Argument"/> values as JSON.</summary>
    public string Arguments { get; init; } = "[]";

    public string To { get; private set; } = "";

    public string Name { get; private set; } = "";

    public string Language { get; private set; } = "";

    /// <summary>Path it leads to, relative to the public origin. One with a secret is erased when the mail's life is over.</summary>
    public string Link { get; private set; } = "";

    public MailState State { get; private set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Not before; null is now, while it waits.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>How often somebody began to send it.</summary>
    public int Attempts { get; private set; }

    public DateTimeOffset? FirstTriedAt { get; private set; }

    /// <summary>What the mail server said last, or why it could not be asked; null before. It may name the address: for pages, never for a log.</summary>
    public string? Answer { get; private set; }

    /// <summary>When it said so.</summary>
    public DateTimeOffset? AnsweredAt { get; private set; }

    public long Version { get; private set; }

    /// <summary>Whether its link lets in whoever has it.</summary>
    public bool HasSecret => ItemId is null;

    public static Mail WithSecret(Guid id, string template, string to, string name, string language, string link, DateTimeOffset at) =>
        new() { Id = id, Template = template, To = to, Name = name, Language = language, Link = link, CreatedAt = at };

    /// <summary>Tells a person of an item.</summary>
    public static Mail About(InboxItem item, Guid personId, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(), ItemId = item.Id, PersonId = personId, Template = item.Template, Arguments = item.Arguments, Link = item.Link, CreatedAt = at,
    };

    public bool IsDue(DateTimeOffset now) => State == MailState.Waiting && (DueAt is null || DueAt <= now);

    /// <summary>Where it goes, as the person's account says now.</summary>
    public void Address(PersonCopy person) => (To, Name, Language) = (person.Email, person.Name, person.Language);

    /// <summary>Somebody is about to send it: until the lease ends nobody else does.</summary>
    public void Claim(DateTimeOffset now)
    {
        Attempts++;
        FirstTriedAt ??= now;
        DueAt = now + Lease;
        Version++;
    }

    /// <summary>The mail server took it. Also where another attempt went wrong meanwhile: it is out.</summary>
    public void Take(string answer, DateTimeOffset now) => End(MailState.Sent, answer, now);

    /// <summary>The mail server will never take it.</summary>
    public void Refuse(string answer, DateTimeOffset now)
    {
        if (State == MailState.Waiting) End(MailState.Refused, answer, now);
    }

    /// <summary>It did not go out this time: it waits, longer each time, and is given up after a day.</summary>
    public void Postpone(string answer, DateTimeOffset now)
    {
        if (State != MailState.Waiting) return;
        if (now >= FirstTriedAt + Patience)
        {
            End(MailState.GivenUp, answer, now);
            return;
        }

        var wait = TimeSpan.FromMinutes(1 << Math.Min(Attempts - 1, 10));
        (Answer, AnsweredAt, DueAt) = (answer, now, now + (wait < LongestWait ? wait : LongestWait));
        Version++;
    }

    /// <summary>Its reader's account, or what it is about, is not known here yet.</summary>
    public void WaitForMore(DateTimeOffset now)
    {
        if (now >= CreatedAt + Patience)
        {
            End(MailState.GivenUp, null, now);
            return;
        }

        DueAt = now + WaitForEvents;
        Version++;
    }

    /// <summary>Nobody needs it any more.</summary>
    public void Drop(DateTimeOffset now) => End(MailState.NotNeeded, null, now);

    void End(MailState state, string? answer, DateTimeOffset now)
    {
        if (State == MailState.Sent) return;
        (State, Answer, AnsweredAt, DueAt) = (state, answer ?? Answer, now, null);
        if (HasSecret) Link = "";
        Version++;
    }
}
