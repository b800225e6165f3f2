using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>
/// What a hub says about a topic and a callback. In its sentences, moments read <c>TIME</c>, the ids of topics <c>ID</c> and origins on
/// this machine <c>ORIGIN</c>, so that a test can name them whole.
/// </summary>
internal sealed partial class Explained
{
    private readonly JsonNode _json;

    private Explained(JsonNode json) => _json = json;

    /// <summary>The whole answer.</summary>
    public string Json => _json.ToJsonString();

    public string Verdict => (string)_json["verdict"]!;

    public string Summary => Plain((string)_json["summary"]!);

    /// <summary>The kinds of its steps and their sentences, in order.</summary>
    public IReadOnlyList<(string Kind, string Sentence)> Steps =>
        [.. _json["steps"]!.AsArray().Select(s => ((string)s!["kind"]!, Plain((string)s["sentence"]!)))];

    public static async Task<Explained> AskAsync(HubHost hub, string topic, string callback, string? update = null)
    {
        var path = $"explain?topic={Uri.EscapeDataString(topic)}&callback={Uri.EscapeDataString(callback)}";
        using var answer = await hub.AskAsync(HttpMethod.Get, update is null ? path : $"{path}&update={Uri.EscapeDataString(update)}");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return new(JsonNode.Parse(text)!);
    }

    /// <summary>The data of the only step of a kind.</summary>
    public ExplainedData Of(string kind)
    {
        var step = _json["steps"]!.AsArray().Single(s => (string)s!["kind"]! == kind)!;
        return new((string?)step["deliveryId"], (int?)step["status"], (DateTimeOffset?)step["at"], (DateTimeOffset?)step["nextAttempt"]);
    }

    private static string Plain(string sentence) =>
        OriginPattern().Replace(IdPattern().Replace(TimePattern().Replace(sentence, "TIME"), "ID/"), "ORIGIN");

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"\b[0-9a-f]{16}/")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"(http://)?(127\.0\.0\.1|localhost):\d+")]
    private static partial Regex OriginPattern();
}
