namespace WebSub.Conformance.Tests.Subscriber;

/// <summary>A subscription of the scripted subscriber.</summary>
internal sealed class ScriptedSubscription(string url, string topic, string hub, string key, string? secret)
{
    private volatile string _state = "pending";

    public string Url => url;

    public string Topic => topic;

    public string Hub => hub;

    public string Key => key;

    public string? Secret => secret;

    /// <summary>pending, active, ending, ended or denied.</summary>
    public string State
    {
        get => _state;
        set => _state = value;
    }
}
