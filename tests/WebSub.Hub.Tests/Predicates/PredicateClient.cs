using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using WebSub.Protocol;
using Xunit;

namespace WebSub.Hub.Tests.Predicates;

/// <summary>Talks to a hub's predicate API, if told so not as a local caller.</summary>
internal sealed class PredicateClient(HubHost hub)
{
    /// <summary>A key it presents.</summary>
    public string? Key { get; init; }

    /// <summary>True sends what a proxy adds, so that the hub does not take it for a local caller.</summary>
    public bool IsRemote { get; init; }

    public Task<(HttpStatusCode Status, string Body)> SubscribeAsync(
        string topic,
        string callback,
        string? secret = null,
        string? lease = null,
        string mode = HubModes.Subscribe,
        string path = "/subscriptions"
    ) =>
        FormAsync(
            path,
            new HubFields()
                .Add(HubParameters.Callback, callback)
                .Add(HubParameters.Topic, topic)
                .Add(HubParameters.Mode, mode)
                .Add(HubParameters.LeaseSeconds, lease)
                .Add(HubParameters.Secret, secret)
                .ToString()
        );

    public Task<(HttpStatusCode Status, string Body)> UnsubscribeAsync(string topic, string callback) =>
        SubscribeAsync(topic, callback, mode: HubModes.Unsubscribe);

    public Task<(HttpStatusCode Status, string Body)> FormAsync(string path, string form) =>
        SendAsync(HttpMethod.Post, path, form, "application/x-www-form-urlencoded; charset=utf-8");

    /// <summary>Posts a message and returns it as the hub has it.</summary>
    public async Task<JsonObject> PostAsync(string predicate, string? senderRef = null)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, "/messages", Message(predicate, senderRef));
        Assert.Equal(HttpStatusCode.Created, status);
        return JsonNode.Parse(body)!.AsObject();
    }

    public Task<(HttpStatusCode Status, string Body)> ChangeStatusAsync(string reference, string status) =>
        SendAsync(HttpMethod.Patch, $"/messages/{reference}", $$"""{"status":"{{status}}"}""");

    public Task<(HttpStatusCode Status, string Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public async Task<(HttpStatusCode Status, string Body)> SendAsync(
        HttpMethod method,
        string path,
        string? body,
        string type = "application/json"
    )
    {
        using var content = body is null ? null : Content(body, type);
        using var response = await ExchangeAsync(method, path, content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async Task<HttpResponseMessage> ExchangeAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, hub.Origin + path) { Content = content };
        if (IsRemote)
            request.Headers.Add("Via", "1.1 proxy");
        if (Key is not null)
            request.Headers.Authorization = new("Bearer", Key);
        return await hub.SendAsync(request);
    }

    public static string Message(string predicate, string? senderRef = null)
    {
        var message = new JsonObject
        {
            ["sender"] = "AU",
            ["receiver"] = "CN",
            ["subject"] = "AU.abn.1.invoice.7",
            ["obj"] = "https://documents.example/7",
            ["predicate"] = predicate,
        };
        if (senderRef is not null)
            message["sender_ref"] = senderRef;
        return message.ToJsonString();
    }

    private static ByteArrayContent Content(string body, string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }
}
