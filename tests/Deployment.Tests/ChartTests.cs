using System.Text.Json;
using Grants.Testing;

namespace Grants.Deployment.Tests;

/// <summary>The chart with its defaults, with everything set, and with the values of a development cluster; and what it refuses.</summary>
public sealed class ChartTests
{
    static readonly string[] Least = ["--set", "publicOrigin=https://grants.example.org", "--set", "image.registry=registry.example.org/grants", "--set", "files.bucket=grants"];

    static readonly string[] Most =
    [
        .. Least, "--set", "files.endpoint=https://s3.example.org", "--set", "files.clamd=clamd:3310", "--set", "ingress.className=nginx", "--set", "ingress.tlsSecret=grants-tls",
        "--set", "ingress.annotations.example=yes", "--set", "trustedProxies=10.0.0.0/8", "--set", "telemetryEndpoint=http://collector:4317", "--set", "image.pullSecrets={registry}",
        "--set", "services.reviews.replicas=5", "--set", "image.tag=1.2.3", "--set", "mail.host=mail.example.org", "--set", "mail.port=2525", "--set", "mail.sender=Grants <grants@example.org>",
    ];

    static readonly string[] Development = ["-f", Path.Combine(Shared.Repository, "k8s", "development", "values.yaml"), "--set", "image.registry=localhost/grants"];

    public static TheoryData<string> Kinds => ["least", "most", "development"];

    static string[] Values(string kind) => kind switch
    {
        "least" => Least,
        "most" => Most,
        _ => Development,
    };

    static IEnumerable<(JsonElement Manifest, JsonElement Pod)> Pods(IEnumerable<JsonElement> manifests) =>
        manifests.Where(manifest => manifest.TryGetProperty("spec", out var spec) && spec.TryGetProperty("template", out _))
            .Select(manifest => (manifest, manifest.GetProperty("spec").GetProperty("template").GetProperty("spec")));

    static string Name(JsonElement manifest) => manifest.GetProperty("metadata").GetProperty("name").GetString()!;

    static string Servers() => string.Join("\n---\n", new[] { "postgres.yaml", "rabbitmq.yaml", "collector.yaml", "files.yaml" }
        .Select(file => File.ReadAllText(Path.Combine(Shared.Repository, "k8s", "development", file))));

    [SharedTheory, MemberData(nameof(Kinds))]
    public void Helm_finds_nothing_to_say(string kind)
    {
        var (code, output) = Tools.Helm(["lint", "--strict", Tools.Chart, .. Values(kind)]);
        Assert.True(code == 0, output);
    }

    [SharedTheory, MemberData(nameof(Kinds))]
    public void Every_manifest_is_one_that_a_cluster_takes(string kind)
    {
        var (code, output) = Tools.Check(Tools.Render(Values(kind)));
        Assert.True(code == 0, output);
    }

    [SharedFact]
    public void So_are_those_of_a_development_cluster_and_its_secrets()
    {
        var secrets = Tools.Run("bash", [Path.Combine(Shared.Repository, "k8s", "development", "secrets.sh")]);
        Assert.Equal(0, secrets.Code);
        var (code, output) = Tools.Check(Servers() + "\n" + secrets.Output);
        Assert.True(code == 0, output);
    }

    [SharedFact]
    public void The_check_finds_a_field_that_no_cluster_knows()
    {
        var (code, output) = Tools.Check(Tools.Render(Least).Replace("readinessProbe:", "readynessProbe:", StringComparison.Ordinal));
        Assert.NotEqual(0, code);
        Assert.Contains("readynessProbe", output, StringComparison.Ordinal);
    }

    [SharedTheory]
    [InlineData("publicOrigin=", "publicOrigin is needed")]
    [InlineData("publicOrigin=grants.example.org", "publicOrigin")]
    [InlineData("publicOrigin=https://grants.example.org/path", "publicOrigin")]
    [InlineData("image.registry=", "image.registry is needed")]
    [InlineData("files.bucket=", "files.bucket or files.claim is needed")]
    [InlineData("services.reviews.replicas=0", "replicas")]
    [InlineData("services.review.replicas=2", "review")]
    [InlineData("environment=Staging", "environment")]
    [InlineData("image.pullPolicy=Sometimes", "pullPolicy")]
    [InlineData("secrets.release=", "release")]
    [InlineData("mail.host=mail.example.org", "mail.sender is needed")]
    [InlineData("mail.tls=ssl", "tls")]
    [InlineData("mail.port=smtp", "port")]
    public void A_wrong_value_is_refused_by_its_name(string value, string name)
    {
        var (code, output) = Tools.Helm(["template", "grants", Tools.Chart, .. Least, "--set", value]);
        Assert.NotEqual(0, code);
        Assert.Contains(name, output, StringComparison.Ordinal);
    }

    [SharedTheory, MemberData(nameof(Kinds))]
    public void Every_container_has_as_few_rights_as_it_can_do_with_and_says_how_it_is(string kind)
    {
        var manifests = Tools.Read(Tools.Render(Values(kind)) + "\n---\n" + Servers());
        var pods = Pods(manifests).ToList();
        Assert.Equal(10, pods.Count); // five services, the gateway, the release step, three servers
        foreach (var (manifest, pod) in pods)
        {
            var (name, security) = (Name(manifest), pod.GetProperty("securityContext"));
            Assert.False(pod.GetProperty("automountServiceAccountToken").GetBoolean(), name);
            Assert.True(security.GetProperty("runAsNonRoot").GetBoolean(), name);
            Assert.NotEqual(0, security.GetProperty("runAsUser").GetInt32());
            Assert.Equal("RuntimeDefault", security.GetProperty("seccompProfile").GetProperty("type").GetString());
            foreach (var container in pod.GetProperty("containers").EnumerateArray())
            {
                var own = container.GetProperty("securityContext");
                Assert.False(own.GetProperty("allowPrivilegeEscalation").GetBoolean(), name);
                Assert.True(own.GetProperty("readOnlyRootFilesystem").GetBoolean(), name);
                Assert.Equal("ALL", own.GetProperty("capabilities").GetProperty("drop")[0].GetString());
                Assert.True(container.GetProperty("resources").TryGetProperty("requests", out _), name);
                Assert.True(container.GetProperty("resources").GetProperty("limits").TryGetProperty("memory", out _), name);
                if (manifest.GetProperty("kind").GetString() == "Job") continue;
                foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" }) Assert.True(container.TryGetProperty(probe, out _), $"{name} has no {probe}");
            }
        }
    }

    [SharedFact]
    public void Each_process_is_given_its_own_secrets_and_nobody_elses()
    {
        var given = Pods(Tools.Read(Tools.Render(Most))).ToDictionary(
            pod => Name(pod.Manifest)["grants-".Length..].Split('-')[0],
            pod => pod.Pod.GetProperty("containers")[0].GetProperty("env").EnumerateArray().Where(variable => variable.TryGetProperty("valueFrom", out _))
                .ToDictionary(variable => variable.GetProperty("name").GetString()!, variable => variable.GetProperty("valueFrom").GetProperty("secretKeyRef").GetProperty("name").GetString()!));
        foreach (var service in new[] { "accounts", "applications", "reviews", "disbursements", "notifications" })
        {
            var own = new Dictionary<string, string> { [$"ConnectionStrings__{service}"] = $"grants-{service}", ["ConnectionStrings__rabbitmq"] = $"grants-{service}" };
            if (service == "accounts") own["Edge__ServiceCredential"] = own["Accounts__KeyEncryptionKey"] = "grants-edge";
            if (service is "applications" or "reviews" or "disbursements") own["Files__AccessKey"] = own["Files__SecretKey"] = "grants-files";
            if (service == "notifications") own["Smtp__User"] = own["Smtp__Password"] = "grants-mail";
            Assert.Equal(own, given[service]);
        }

        Assert.Equal(new Dictionary<string, string> { ["Edge__ServiceCredential"] = "grants-edge" }, given["gateway"]);
        Assert.All(given["release"].Values, secret => Assert.Equal("grants-release", secret));
    }

    [SharedTheory, MemberData(nameof(Kinds))]
    public void Every_setting_is_one_that_the_product_knows(string kind)
    {
        var documented = File.ReadAllText(Path.Combine(Shared.Repository, "docs", "operations.md"));
        var manifests = Tools.Read(Tools.Render(Values(kind)));
        var names = manifests.Where(manifest => manifest.GetProperty("kind").GetString() == "ConfigMap").SelectMany(map => map.GetProperty("data").EnumerateObject().Select(setting => setting.Name))
            .Concat(Pods(manifests).SelectMany(pod => pod.Pod.GetProperty("containers")[0].GetProperty("env").EnumerateArray().Select(variable => variable.GetProperty("name").GetString()!)))
            .Select(name => name.Replace("__", ":", StringComparison.Ordinal)).Distinct();
        var unknown = names.Where(name => !documented.Contains(name, StringComparison.Ordinal)
            && !(name.Split(':') is [var group and ("ConnectionStrings" or "Database:Roles" or "Services"), _] && documented.Contains(group + ":", StringComparison.Ordinal))
            && !name.StartsWith("Database:Roles:", StringComparison.Ordinal)).ToList();
        Assert.Empty(unknown);
    }

    [SharedFact]
    public void A_secret_is_named_and_never_written()
    {
        var manifests = Tools.Read(Tools.Render(Most));
        Assert.DoesNotContain(manifests, manifest => manifest.GetProperty("kind").GetString() == "Secret");
        var (first, second) = (Tools.Run("bash", [Path.Combine(Shared.Repository, "k8s", "development", "secrets.sh")]), Tools.Run("bash", [Path.Combine(Shared.Repository, "k8s", "development", "secrets.sh")]));
        Assert.NotEqual(first.Output, second.Output);
        var named = manifests.SelectMany(manifest => manifest.ToString().Split('"')).Where(text => text.StartsWith("grants-", StringComparison.Ordinal)).ToHashSet();
        foreach (var secret in Tools.Read(first.Output).Select(Name).Where(name => name.StartsWith("grants-", StringComparison.Ordinal))) Assert.Contains(secret, named);
    }
}
