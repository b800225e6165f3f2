using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WebSub.EndToEnd.Tests.Infrastructure;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace WebSub.EndToEnd.Tests.Deploy;

/// <summary>Compose and Kubernetes files parse, and have what keeps a hub safe and reachable. No engine runs them here.</summary>
public sealed partial class ManifestTests
{
    [Theory]
    [InlineData("hub1")]
    [InlineData("hub2")]
    public void Compose_EachHub_IsReadOnlyWithoutRightsAndOnLoopback(string name)
    {
        var services = (Dictionary<object, object>)Read("docker", "compose.yaml").Single()["services"];

        var hub = (Dictionary<object, object>)services[name];

        Assert.Equal("true", hub["read_only"]);
        Assert.Equal(["ALL"], (IEnumerable<object>)hub["cap_drop"]);
        Assert.All((IEnumerable<object>)hub["ports"], p => Assert.StartsWith("127.0.0.1:", (string)p, StringComparison.Ordinal));
        Assert.Contains("postgres", services.Keys);
        Assert.Contains("prometheus", services.Keys);
        Assert.Contains("grafana", services.Keys);
    }

    [Fact]
    public void Prometheus_Scrapes_TheHubsOfCompose()
    {
        var configuration = Read("prometheus", "prometheus.yml").Single();

        var job = (Dictionary<object, object>)((List<object>)configuration["scrape_configs"])[0];
        var targets = (Dictionary<object, object>)((List<object>)job["static_configs"])[0];

        Assert.Equal(["hub1:5080", "hub2:5080"], (IEnumerable<object>)targets["targets"]);
    }

    [Fact]
    public void Grafana_ShowsEveryMetricOfTheTelemetryPage_AndNoOther()
    {
        var page = File.ReadAllText(System.IO.Path.Combine(Repository.Root, "docs", "operations", "telemetry.md"));
        var dashboard = File.ReadAllText(System.IO.Path.Combine(Repository.Root, "deploy", "grafana", "websub.json"));

        var documented = MetricPattern().Matches(page).Select(m => m.Groups[1].Value);
        var shown = ShownPattern().Matches(dashboard).Select(m => SuffixPattern().Replace(m.Value, ""));
        var panels = JsonNode.Parse(dashboard)!["panels"]!.AsArray();
        var queries = panels.Select(p => p!["targets"]!.AsArray().Select(t => (string?)t!["refId"]).ToList());

        Assert.Equal(documented.Distinct().Order(StringComparer.Ordinal), shown.Distinct().Order(StringComparer.Ordinal));
        Assert.All(queries, ids => Assert.Equal(ids.Distinct(), ids));
    }

    [GeneratedRegex(@"(?m)^\| `(websub_[a-z_]+)`")]
    private static partial Regex MetricPattern();

    [GeneratedRegex("websub_hub_[a-z_]+")]
    private static partial Regex ShownPattern();

    [GeneratedRegex("_bucket$")]
    private static partial Regex SuffixPattern();

    [Fact]
    public void Kubernetes_Container_IsReadOnlyNonRootAndProbed()
    {
        var documents = Read("kubernetes", "hub.yaml");

        var pod = Path(documents[0], "spec", "template", "spec");
        var container = (Dictionary<object, object>)((List<object>)pod["containers"])[0];
        var security = Path(container, "securityContext");

        Assert.Equal(["Deployment", "Service", "PodDisruptionBudget", "Ingress"], documents.Select(d => (string)d["kind"]));
        Assert.Equal("true", Path(pod, "securityContext")["runAsNonRoot"]);
        Assert.Equal("true", security["readOnlyRootFilesystem"]);
        Assert.Equal("/health/ready", Path(container, "readinessProbe", "httpGet")["path"]);
        Assert.Equal("/health/live", Path(container, "livenessProbe", "httpGet")["path"]);
    }

    private static Dictionary<object, object> Path(Dictionary<object, object> from, params string[] names) =>
        names.Aggregate(from, (value, name) => (Dictionary<object, object>)value[name]);

    private static List<Dictionary<object, object>> Read(string folder, string file)
    {
        using var text = File.OpenText(System.IO.Path.Combine(Repository.Root, "deploy", folder, file));
        var parser = new MergingParser(new Parser(text));
        parser.Consume<YamlDotNet.Core.Events.StreamStart>();
        var deserializer = new Deserializer();
        var documents = new List<Dictionary<object, object>>();
        while (parser.Accept<YamlDotNet.Core.Events.DocumentStart>(out _))
            documents.Add(deserializer.Deserialize<Dictionary<object, object>>(parser));
        return documents;
    }
}
