namespace WebSub.Conformance.Tests.Hub;

/// <summary>What a scripted hub remembers of a subscription.</summary>
internal sealed class ScriptedSubscription(string topic, string callback)
{
    public string Topic { get; } = topic;

    public string Callback { get; } = callback;

    public string? Secret { get; set; }

    public string Challenge { get; set; } = "";

    public DateTimeOffset EndsAt { get; set; }

    public int Copies { get; set; } = 1;

    public int Failures { get; set; }
}
