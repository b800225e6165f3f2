using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>The page of the API, and what the description that it shows says.</summary>
public sealed class ApiPageTests
{
    private static readonly HttpClient Http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_LoadsEverythingFromTheHub_AndMayLoadNothingElse()
    {
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite);

        using var page = await Http.GetAsync(new Uri(hub.Origin + "/docs/"), Cancelled);
        var html = await page.Content.ReadAsStringAsync(Cancelled);
        var scripts = Regex.Matches(html, "(?:src|href)=\"([^\"]+)\"|from '([^']+)'").Select(m => m.Groups[1].Value + m.Groups[2].Value);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            using var asset = await Http.GetAsync(new Uri(new(hub.Origin + "/docs/"), script), Cancelled);
            Assert.Equal((script, HttpStatusCode.OK), (script, asset.StatusCode));
        }

        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/docs/")]
    [InlineData("/docs/scalar.js")]
    [InlineData("/metrics")]
    public async Task Page_ForAStranger_NeedsAKeyThatMayRead(string path)
    {
        await using var hub = await HubProcess.StartAsync(
            HubProcess.Sqlite,
            ("WebSub:Administration:LocalCallers", "Never"),
            ("WebSub:Administration:ApiKeys:Reader:Key", "reading"),
            ("WebSub:Administration:ApiKeys:Reader:Scopes", "read"),
            ("WebSub:Administration:ApiKeys:Publisher:Key", "publishing"),
            ("WebSub:Administration:ApiKeys:Publisher:Scopes", "publish")
        );

        var statuses = new List<int>();
        foreach (var key in new[] { null, "publishing", "reading" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, hub.Origin + path);
            if (key is not null)
                request.Headers.Authorization = new("Bearer", key);
            using var answer = await Http.SendAsync(request, Cancelled);
            statuses.Add((int)answer.StatusCode);
        }

        Assert.Equal([401, 403, 200], statuses);
    }

    [Fact]
    public async Task Description_OfEachOperation_HasASummaryParametersBodyAndAnswers_AlsoErrors()
    {
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite);

        var document = JsonNode.Parse(await Http.GetStringAsync(new Uri(hub.Origin + "/openapi/v1.json"), Cancelled))!;
        var operations = document["paths"]!
            .AsObject()
            .SelectMany(p => p.Value!.AsObject().Select(o => (Name: $"{o.Key} {p.Key}", Path: p.Key, Method: o.Key, Operation: o.Value!)))
            .ToList();

        Assert.True(operations.Count > 30);
        foreach (var (name, path, method, operation) in operations)
        {
            Assert.False(string.IsNullOrEmpty((string?)operation["summary"]), name);
            Assert.False(string.IsNullOrEmpty((string?)operation["description"]), name);
            var parameters = operation["parameters"]?.AsArray().Select(p => p!).ToList() ?? [];
            Assert.All(parameters, p => Assert.False(string.IsNullOrEmpty((string?)p["description"]), $"{name} {p["name"]}"));
            Assert.Equal(
                Regex.Matches(path, @"\{(\w+)\}").Select(m => m.Groups[1].Value),
                parameters.Where(p => (string)p["in"]! == "path").Select(p => (string)p["name"]!)
            );
            var answers = operation["responses"]!.AsObject().Select(a => a.Key).ToList();
            Assert.Contains(answers, a => a[0] == '2');
            Assert.Contains(answers, a => a[0] == '4');
            if (!path.StartsWith("/api/v1/", StringComparison.Ordinal))
                continue;
            Assert.Superset(new HashSet<string>(["401", "403", "503"]), answers.ToHashSet());
            if (path.Contains('{', StringComparison.Ordinal))
                Assert.Contains("404", answers);
            Assert.Equal(method != "get", operation["requestBody"] is not null);
        }

        Assert.Equal(
            ["topic", "host", "state", "after", "limit"],
            document["paths"]!["/api/v1/subscriptions"]!["get"]!["parameters"]!.AsArray().Select(p => (string)p!["name"]!)
        );
        Assert.True((bool)document["paths"]!["/api/v1/explain"]!["get"]!["parameters"]![0]!["required"]!);
        Assert.Equal("http", (string)document["components"]!["securitySchemes"]!["bearer"]!["type"]!);
        Assert.Equal(2, document["security"]!.AsArray().Count);
    }
}
