using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Ui;
using Microsoft.AspNetCore.Http;

namespace Grants.Platform.Operations;

/// <summary>POST /operations/{service}/letters/{id}/resolution: closes the letter without handling its message. The reason is kept in the audit trail.</summary>
static class ResolveDeadLetter
{
    public const int LongestReason = 500;

    public static async Task<IResult> Handle(ServiceInView view, Guid id, Caller caller, PostedForm form, PageContext page, AppTime clock, CancellationToken ct)
    {
        if (await ShowDeadLetter.FindAsync(view, id, ct) is not { ResolvedAt: null } letter) return view.To("/letters?done=gone");
        var reason = form["reason"];
        var errors = new FieldErrors();
        if (reason.Length == 0) errors.Add("reason", page.Text<DeadLetterPage>("resolve.reason.missing"));
        if (reason.Length > LongestReason) errors.Add("reason", page.Text<DeadLetterPage>("resolve.reason.long", LongestReason));
        if (!errors.None)
        {
            return Pages.Show<DeadLetterPage>(
                new { Service = view.Name, Letter = letter, Reason = form.Raw("reason"), Errors = errors }, StatusCodes.Status422UnprocessableEntity);
        }

        return view.To(await DeadLetters.ResolveAsync(view.Db, clock, id, caller.PersonId, reason, ct) ? "/letters?done=resolved" : "/letters?done=gone");
    }
}
