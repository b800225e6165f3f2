using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>What the server tells its operator: metrics, readiness, logs as JSON.</summary>
public sealed partial class TelemetryTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_OfAServerThatDelivered_AreAllThoseOfThePage()
    {
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite);
        await using var sink = await CallbackSink.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        publisher.Set("feed", "content");
        var callback = await hub.SubscribeAsync(sink, publisher.Url());
        await hub.PingAsync(("hub.url", publisher.Url()));
        await callback.WaitForDeliveriesAsync(1);
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        // An attempt is counted when its answer has been read, which is after the callback has sent it.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string text;
        do
        {
            text = await http.GetStringAsync(new Uri(hub.Origin + "/metrics"), deadline.Token);
        } while (!Delivered().IsMatch(text));
        var documented = Documented().ToList();

        Assert.True(documented.Count > 20, "The page has no table.");
        Assert.All(documented, name => Assert.Contains($"\n# TYPE {name} ", text, StringComparison.Ordinal));
        Assert.Empty(Names().Matches(text).Select(m => m.Groups["name"].Value).Distinct().Except(documented));
        Assert.DoesNotContain(publisher.Url(), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counters_OfAServerThatHasDoneNothing_AreThere_At0()
    {
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite);
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        var text = await http.GetStringAsync(new Uri(hub.Origin + "/metrics"), Cancelled);

        var counters = Documented().Where(n => n.EndsWith("_total", StringComparison.Ordinal)).ToList();
        Assert.InRange(counters.Count, 8, int.MaxValue);
        Assert.All(counters, c => Assert.Matches($@"(?m)^{c}({{[^}}]*}})? 0( |$)", text));
        Assert.DoesNotMatch(@"(?m)^websub_hub_[a-z_]+_total({[^}]*})? [1-9]", text);
        Assert.Contains("""websub_outcome="timed_out",websub_status_class="none"} 0""", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_AreReadByPrometheus()
    {
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite);
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        var text = await http.GetStringAsync(new Uri(hub.Origin + "/metrics"), Cancelled);
        var faults = await CheckAsync(text);

        if (faults is null)
            Assert.Skip("promtool, of the package prometheus, is not there to read the metrics.");
        // It also finds names of the runtime's metrics unusual.
        Assert.DoesNotContain(
            faults.Split('\n'),
            l => l.Contains("websub_", StringComparison.Ordinal) || l.StartsWith("error", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Metrics_ForAStranger_NeedAKeyWithTheScopeRead()
    {
        const string Reader = "a key of seven words for reading";
        const string Publisher = "a key of seven words for publishing";
        await using var hub = await HubProcess.StartAsync(
            HubProcess.Sqlite,
            ("WebSub:Administration:ApiKeys:Reader:Key", Reader),
            ("WebSub:Administration:ApiKeys:Reader:Scopes", "read"),
            ("WebSub:Administration:ApiKeys:Publisher:Key", Publisher),
            ("WebSub:Administration:ApiKeys:Publisher:Scopes", "publish")
        );

        HttpStatusCode[] answers = [await AskAsync(null), await AskAsync("no key"), await AskAsync(Publisher), await AskAsync(Reader)];

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.OK], answers);

        async Task<HttpStatusCode> AskAsync(string? key)
        {
            using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
            using var request = new HttpRequestMessage(HttpMethod.Get, hub.Origin + "/metrics");
            request.Headers.Add("X-Forwarded-For", "192.0.2.1");
            if (key is not null)
                request.Headers.Authorization = new("Bearer", key);
            using var answer = await http.SendAsync(request, Cancelled);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Health_OfAServer_IsLiveAndReady_InWords()
    {
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite, ("Logging:Console:FormatterName", "json"));
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        var live = await http.GetStringAsync(new Uri(hub.Origin + "/health/live"), Cancelled);
        var ready = await http.GetStringAsync(new Uri(hub.Origin + "/health/ready"), Cancelled);

        Assert.Equal(("live\n", "ready\nThe database answers, and no work is late.\n"), (live, ready));
        var logged = hub.Process.Lines.Select(l => l.Text).Where(l => l.Contains("EventId", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(logged);
        Assert.All(logged, l => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(l).RootElement.ValueKind));
    }

    private static IEnumerable<string> Documented() =>
        File.ReadLines(Path.Combine(RepositoryRoot.Folder, "docs/operations/telemetry.md"))
            .Select(l => Rows().Match(l))
            .Where(m => m.Success)
            .Select(m => m.Groups["name"].Value);

    /// <summary>What promtool says of the metrics; null if it is not there.</summary>
    private static async Task<string?> CheckAsync(string metrics)
    {
        var own = Path.Combine(RepositoryRoot.Folder, ".tools", "promtool");
        using var process = new Process
        {
            StartInfo = new(File.Exists(own) ? own : "promtool", ["check", "metrics"])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
        };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        var errors = process.StandardError.ReadToEndAsync(Cancelled);
        await process.StandardInput.WriteAsync(metrics.AsMemory(), Cancelled);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Cancelled);
        return await errors;
    }

    [GeneratedRegex("^\\| `(?<name>websub_[a-z_]+)` \\|", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rows();

    [GeneratedRegex(
        "websub_hub_deliveries_total\\{[^}]*websub_outcome=\"delivered\",websub_status_class=\"2xx\"[^}]*\\} 1\n",
        RegexOptions.None,
        1000
    )]
    private static partial Regex Delivered();

    [GeneratedRegex("\n# TYPE (?<name>websub_[a-z_]+) ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Names();
}
