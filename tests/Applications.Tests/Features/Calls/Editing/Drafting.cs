using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Grants.Applications.Domain;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Calls.Editing;

/// <summary>What tests of drafts do again and again.</summary>
static class Drafting
{
    public static readonly Caller Second = World.Staff("Sanja Second", Role.ProgrammeOfficer, "programme:L4C"), Administrator = World.Staff("Adi Admin", Role.Administrator, "*");

    static readonly JsonSerializerOptions Indented = new(CanonicalJson.Options) { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Draft(Guid? call = null) => $"/desk/calls/{call ?? World.CallId}/draft";

    /// <summary>Begins an amendment of the world's call by form.</summary>
    public static async Task AmendAsync(this World world, Caller? by = null)
    {
        var answer = await ServiceFixture.PostAsync(world.As(by ?? World.Officer), $"/desk/calls/{World.CallId}/amendment", new { });
        Assert.Equal(Draft(), answer.Headers.Location?.ToString());
    }

    /// <summary>Begins a new call by form: its id.</summary>
    public static async Task<Guid> NewAsync(this World world, object fields)
    {
        var answer = await ServiceFixture.PostAsync(world.As(World.Officer), "/desk/calls/new", fields);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return Guid.Parse(answer.Headers.Location!.ToString().Split('/')[3]);
    }

    public static Task<CallDraft> DraftAsync(this World world, Guid? call = null) => world.Db(db => db.CallDrafts.AsNoTracking().SingleAsync(draft => draft.CallId == (call ?? World.CallId)));

    /// <summary>Saves a text as the page posts it.</summary>
    public static async Task<HttpResponseMessage> SaveAsync(this World world, Caller by, string text, long? seen = null, Guid? call = null, string reason = "")
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent((seen ?? (await world.DraftAsync(call)).Version).ToString(CultureInfo.InvariantCulture)), "token-version" },
            { new StringContent(text.Replace("\n", "\r\n", StringComparison.Ordinal)), "text" },
            { new StringContent(reason), "reason" },
        };
        return await world.As(by).PostAsync(Draft(call), form);
    }

    public static async Task<HttpResponseMessage> PublishDraftAsync(this World world, Caller by, string reason = "", long? seen = null, Guid? call = null) =>
        await ServiceFixture.PostAsync(world.As(by), Draft(call) + "/publication", new Dictionary<string, string>
        {
            ["token-version"] = (seen ?? (await world.DraftAsync(call)).Version).ToString(CultureInfo.InvariantCulture), ["reason"] = reason,
        });

    /// <summary>A definition as somebody would type it.</summary>
    public static string Text(CallDefinition call) => JsonSerializer.Serialize(call, Indented);

    public static CallDefinition Read(string text) => CanonicalJson.Deserialize<CallDefinition>(Encoding.UTF8.GetBytes(text));
}
