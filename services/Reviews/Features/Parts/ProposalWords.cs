using Grants.Platform;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;

namespace Grants.Reviews.Features.Parts;

/// <summary>What the rules of a call propose for an application, in words.</summary>
static class ProposalWords
{
    /// <summary>Why it is proposed, in a sentence of the reader's language.</summary>
    public static string Why(PageContext page, Placed one, string currency) =>
        page.Text<ProposalTag>($"why.{one.Why}", new Money(one.RestMinor, currency), new Money(one.LeastMinor, currency), one.Contender.Country);
}
