using System.Text.Json.Nodes;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;

namespace WebSub.EndToEnd.Tests.Predicates;

/// <summary>What the server says about its API.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task OpenApi_Document_DescribesThePredicateApi_AndHasTheAdministration()
    {
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite);
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        var document = JsonNode.Parse(
            await http.GetStringAsync(new Uri(hub.Origin + "/openapi/v1.json"), TestContext.Current.CancellationToken)
        )!;

        var operations = document["paths"]!
            .AsObject()
            .SelectMany(p => p.Value!.AsObject().Select(o => $"{o.Key} {p.Key}"))
            .ToLookup(o => o.Contains(" /api/v1/", StringComparison.Ordinal));
        Assert.Equal(
            ["get /messages/{reference}", "get /subscriptions", "patch /messages/{reference}", "post /messages", "post /subscriptions"],
            operations[false].Order()
        );
        Assert.Superset(
            new HashSet<string>([
                "get /api/v1/topics",
                "get /api/v1/subscriptions",
                "get /api/v1/explain",
                "delete /api/v1/dead-letters/{id}",
            ]),
            operations[true].ToHashSet()
        );
        var form = document["paths"]!["/subscriptions"]!["post"]!["requestBody"]!["content"]!.AsObject().Single();
        Assert.Equal("application/x-www-form-urlencoded", form.Key);
        Assert.Contains("hub.callback", Resolve(document, form.Value!["schema"]!)["properties"]!.AsObject().Select(p => p.Key));
        var answers = document["paths"]!["/messages"]!["post"]!["responses"]!.AsObject();
        Assert.Equal(["201", "400", "401", "413", "415", "500"], answers.Select(a => a.Key));
        Assert.Contains(
            "sender_ref",
            Resolve(document, answers["201"]!["content"]!["application/json"]!["schema"]!)["properties"]!.AsObject().Select(p => p.Key)
        );
    }

    private static JsonNode Resolve(JsonNode document, JsonNode schema) =>
        (string?)schema["$ref"] is { } reference
            ? document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]]!
            : schema;
}
