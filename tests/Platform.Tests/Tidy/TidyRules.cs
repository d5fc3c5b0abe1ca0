using System.Text.RegularExpressions;

namespace Grants.Platform.Tests.Tidy;

/// <summary>One thing that must not be in the repository.</summary>
/// <param name="Name">What is forbidden and what to do instead.</param>
/// <param name="Find">Lines of a file (path from the root, text) that break the rule; 0 stands for the whole file.</param>
/// <param name="BadPath">Path of a file that breaks the rule.</param>
/// <param name="Bad">Its text: without an example we would not know that the rule can fail.</param>
/// <param name="Good">A text under the same path that looks similar and is fine.</param>
public sealed record TidyRule(string Name, Func<string, string, IEnumerable<int>> Find, string BadPath, string Bad, string Good = "")
{
    /// <summary>Shown by the test runner.</summary>
    public override string ToString() => Name;
}

/// <summary>The rules of the house that no compiler knows.</summary>
public static partial class TidyRules
{
    const int MostLines = 500;

    static readonly string[] Services = ["Applications", "Reviews", "Disbursements", "Notifications", "Accounts"];

    /// <summary>All rules.</summary>
    public static readonly IReadOnlyList<TidyRule> All =
    [
        Code("The clock is AppTime", path => path != "services/Platform/Hosting/AppTime.cs", @"\bDateTime(Offset)?\s*\.\s*(Utc)?(Now|Today)\b|TimeProvider\.System\.Get(Utc|Local)Now",
            "services/X/Features/A.cs", "var now = DateTimeOffset.UtcNow;", "var now = clock.Now; // not DateTime.UtcNow"),
        Code("No regions", _ => true, @"^\s*#\s*(end)?region\b", "services/X/A.cs", "    #region Handlers", "// regions are not used"),
        Text("Nothing is left for later", @"\b(TODO|FIXME|HACK|XXX)\b", "docs/a.md", "TODO: explain", "what is still to do, e-mail to dora"),
        Code("No async void", _ => true, @"\basync\s+void\b", "services/X/A.cs", "    async void Save() { }", "    async Task Save() { }"),
        Code("Nobody blocks on a task", In("services/", "gateway/"), @"(Async\([^;]*\)|\b[tT]asks?)\.Result\b|\.Wait\(|GetAwaiter\(\)\.GetResult\(\)",
            "services/X/A.cs", "var row = db.Rows.FirstAsync(ct).Result;", "var finding = Iban.Check(typed).Result;"),
        Code("No blocking wait", In("services/", "gateway/"), @"\.Wait\(", "gateway/A.cs", "host.RunAsync().Wait();", "await host.RunAsync();"),
        Code("No awaiter taken by hand", In("services/", "gateway/"), @"GetAwaiter\(\)\.GetResult\(\)", "services/X/A.cs", "Run().GetAwaiter().GetResult();", "await Run();"),
        Code("Services log and do not write to the console", In("services/", "gateway/"), @"\bConsole\.(Write|Error|Out)\w*", "services/X/A.cs", "Console.WriteLine(1);", "log.Started();"),
        Code("Tests wait for a condition and not for a time", path => In("tests/")(path) && !In("tests/Testing/", "tests/Bench/")(path), @"\bThread\.Sleep\(|\bTask\.Delay\((?!Timeout\.Infinite)",
            "tests/X.Tests/A.cs", "await Task.Delay(500);", "await Eventually.True(() => done);"),
        Code("Only the edge asks where a client is: anybody can write a forwarded address to a service", path => In("services/", "gateway/")(path) && !In("services/Platform/Edge/")(path),
            @"\bRemoteIpAddress\b|X-Forwarded-|\bUseForwardedHeaders\b", "services/X/A.cs", "var from = http.Connection.RemoteIpAddress;", "rates.Allows(context, person)"),
        Code("Amounts are not formatted by the culture", _ => true, @"ToString\(\s*""[cC]\d?""|\{[^{}""]*:C\d?\}", "services/X/A.cs", "amount.ToString(\"C\", culture)",
            "MoneyFormat.Format(amount, culture); id.ToString(\"N\"); $\"{code:D}\""),
        Code("Typed numbers are read by MoneyParser", path => In("services/")(path) && path != "services/Platform/Money/MoneyParser.cs",
            @"\b(decimal|double|float|Decimal|Double|Single)\.(Try)?Parse\(", "services/X/A.cs", "decimal.TryParse(typed, out var amount)", "int.TryParse(typed, out var months)"),
        Code("Logs hold ids and no personal data", In("services/", "gateway/"), @"LoggerMessage\(.*\{@?(Name|\w*(Person|First|Last|Full|Display)Name|\w*E?[mM]ail|Phone|Body|Iban|Text)\}",
            "services/X/A.cs", "[LoggerMessage(1, LogLevel.Information, \"Mail sent to {Email}\")]", "[LoggerMessage(1, LogLevel.Information, \"Mail {MailId} sent on {QueueName}\")]"),
        Code("SQL of one provider stays in Platform and in migrations",
            path => In("services/")(path) && !In("services/Platform/Persistence/", "services/Platform/Messaging/")(path) && !path.Contains("/Migrations/"),
            @"(?<!#)\bPRAGMA\s+\w|\bON CONFLICT\b|\w'?::(text|uuid|int|integer|bigint|jsonb?|timestamp\w*|date)\b|\bjsonb\b|\bINSERT OR (IGNORE|REPLACE)\b|\bFOR UPDATE\b|\bSKIP LOCKED\b|\bsqlite_master\b|\bpg_\w+\(|\bILIKE\b",
            "services/X/A.cs", "db.Database.ExecuteSqlRawAsync(\"insert into t values (1) ON CONFLICT do nothing\")", "#pragma warning disable\nglobal::System.Uri u;"),
        Of(".razor", "Pages have no inline script or style: the policy of the site refuses them", @"\sstyle\s*=|\son[a-z]+\s*=\s*[""'@]|\s@on[a-z]+\s*=|<style\b|<script(?![^>]*\ssrc=)",
            "services/X/A.razor", "<p style=\"color:red\">", "<script type=\"module\" src=\"/app.js\"></script><link rel=\"stylesheet\"><p class=\"style\">"),
        Of(".razor", "Buttons do nothing inline", @"\son[a-z]+\s*=\s*[""'@]", "services/X/A.razor", "<button onclick=\"save()\">", "<button name=\"action\" value=\"save\">"),
        new("Defaults are code and values come from the environment: no appsettings", (path, _) => Path.GetFileName(path).StartsWith("appsettings", StringComparison.OrdinalIgnoreCase)
            && path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? [0] : [], "services/X/appsettings.Development.json", "{}"),
        new($"Files are below {MostLines} lines", (path, text) => HasEnding(path, ".cs", ".razor", ".js", ".mjs", ".scss", ".sh") && !path.Contains("/Migrations/")
            && text.AsSpan().Count('\n') > MostLines ? [0] : [], "services/X/A.cs", new string('\n', MostLines + 1), new string('\n', MostLines)),
        Text("No paths of somebody's machine", @"(?<![\w.:/~-])/(work|root|home/[a-z]\w*)/", "docs/a.md", "see /home/ana/grants", "https://example.org/work/1 and ../work/x and /apply/work/"),
        // Package sources are the business of the machine that builds, not of the project: lock files and settings name none.
        Text("No addresses of package sources", @"""resolved""\s*:\s*""https?:|<packageSources>|^\s*registry\s*=", "services/a.json",
            "\"resolved\": \"https://packages.example.org/sass\"", "the registers of associations"),
        new("A service references Platform only, and Contracts nothing", References, "services/Reviews/Reviews.csproj", "<ProjectReference Include=\"../Applications/Applications.csproj\" />",
            "<ProjectReference Include=\"../Platform/Platform.csproj\" />"),
        new("Contracts reference nothing at all", References, "services/Contracts/Contracts.csproj", "<PackageReference Include=\"MassTransit\" />", "<Project Sdk=\"Microsoft.NET.Sdk\" />"),
        new("A service does not know the others", Usings, "services/Reviews/Features/A.cs", "using Grants.Applications.Domain;", "using Grants.Contracts.Applications;\nusing Grants.Reviews.Domain;"),
        new("Platform knows no service", Usings, "services/Platform/Ui/A.razor", "@using Grants.Accounts", "@using Grants.Platform.Http"),
    ];

    static TidyRule Code(string name, Func<string, bool> applies, string pattern, string badPath, string bad, string good) => new(name, (path, text) =>
        HasEnding(path, ".cs", ".razor") && applies(path) ? Lines(text, pattern, skipComments: true) : [], badPath, bad, good);

    static TidyRule Of(string ending, string name, string pattern, string badPath, string bad, string good) => new(name, (path, text) =>
        HasEnding(path, ending) ? Lines(text, pattern, skipComments: false) : [], badPath, bad, good);

    static TidyRule Text(string name, string pattern, string badPath, string bad, string good) => new(name, (_, text) => Lines(text, pattern, skipComments: false), badPath, bad, good);

    static IEnumerable<int> References(string path, string text)
    {
        if (!path.EndsWith(".csproj", StringComparison.Ordinal) || !In("services/", "gateway/")(path) || path.StartsWith("services/AllInOne/", StringComparison.Ordinal)) return [];
        if (path.StartsWith("services/Contracts/", StringComparison.Ordinal)) return Lines(text, "<(Project|Package|Framework)Reference", skipComments: false);
        var allowed = path.StartsWith("services/Platform/", StringComparison.Ordinal) ? "Contracts" : "Platform";
        return Lines(text, $@"<ProjectReference Include=""(?!(\.\./)+(services/)?{allowed}/)", skipComments: false);
    }

    static IEnumerable<int> Usings(string path, string text)
    {
        if (!HasEnding(path, ".cs", ".razor") || !path.StartsWith("services/", StringComparison.Ordinal)) return [];
        var own = path.Split('/')[1];
        var others = Services.Where(service => service != own);
        return own == "AllInOne" ? [] : Lines(text, $@"^\s*@?(global\s+)?using\s+(static\s+)?(\w+\s*=\s*)?Grants\.({string.Join('|', others)})\b", skipComments: false);
    }

    static IEnumerable<int> Lines(string text, string pattern, bool skipComments)
    {
        var lines = text.Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            var line = skipComments ? Comment().Replace(lines[index], "") : lines[index];
            if (Regex.IsMatch(line, pattern, RegexOptions.CultureInvariant)) yield return index + 1;
        }
    }

    static Func<string, bool> In(params string[] folders) => path => folders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal));

    static bool HasEnding(string path, params string[] endings) => endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    // Up to the end of the line, but not the two slashes of an address.
    [GeneratedRegex(@"(?<!:)//.*$")]
    private static partial Regex Comment();
}
