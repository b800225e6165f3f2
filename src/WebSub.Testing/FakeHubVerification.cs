namespace WebSub.Testing;

/// <summary>When a <see cref="FakeHub"/> verifies the requests that it has answered with 2xx.</summary>
public enum FakeHubVerification
{
    /// <summary>When the test calls <see cref="FakeHub.VerifyAsync"/>.</summary>
    ByTest,

    /// <summary>By itself, once it has answered.</summary>
    Afterwards,

    /// <summary>By itself, before it answers, as PubSubHubbub 0.3 hubs do with <c>hub.verify=sync</c>.</summary>
    BeforeAnswering,
}
