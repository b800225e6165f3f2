using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>Calls the administration API of a hub.</summary>
internal static class AdministrationClient
{
    public static async Task<HttpResponseMessage> AskAsync(
        this HubHost hub,
        HttpMethod method,
        string path,
        object? body = null,
        string? key = null,
        bool isLocal = true
    )
    {
        using var request = new HttpRequestMessage(method, $"{hub.Origin}/api/v1/{path}");
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        if (!isLocal)
            request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        return await hub.SendAsync(request);
    }

    /// <summary>The items of a list.</summary>
    public static async Task<List<JsonNode>> ListAsync(this HubHost hub, string path)
    {
        using var answer = await hub.AskAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        return [.. page["items"]!.AsArray().Select(i => i!)];
    }

    /// <summary>Asks for an action and waits until it has been carried out.</summary>
    public static async Task<JsonNode> ActAsync(this HubHost hub, string path, object? body = null, HttpMethod? method = null)
    {
        using var answer = await hub.AskAsync(method ?? HttpMethod.Post, path, body);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, text);
        JsonNode? action = null;
        await hub.UntilAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, hub.Origin + answer.Headers.Location);
            using var now = await hub.SendAsync(request);
            action = JsonNode.Parse(await now.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
            return action["doneAt"] is not null;
        });
        return action!;
    }
}
