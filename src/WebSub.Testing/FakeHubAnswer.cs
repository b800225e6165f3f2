namespace WebSub.Testing;

/// <summary>How a <see cref="FakeHub"/> answers one request.</summary>
public sealed record FakeHubAnswer
{
    /// <summary>The HTTP status.</summary>
    /// <value>Default: 202.</value>
    public int Status { get; init; } = 202;

    /// <summary>The body, as text/plain.</summary>
    public string Body { get; init; } = "";

    /// <summary>Response headers, for example <c>Location</c> or <c>Retry-After</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>
    /// What the hub does before it answers: verify during the POST, as PubSubHubbub 0.3 hubs do, or wait, to simulate a slow hub.
    /// </summary>
    public Func<FakeHubRequest, Task>? Before { get; init; }

    /// <summary>A redirect.</summary>
    /// <param name="status">For example 307.</param>
    /// <param name="location">Its target.</param>
    public static FakeHubAnswer Redirect(int status, string location) => new() { Status = status, Headers = [new("Location", location)] };

    /// <summary>An error.</summary>
    /// <param name="status">For example 500.</param>
    /// <param name="retryAfterSeconds">A <c>Retry-After</c> header; null for none.</param>
    public static FakeHubAnswer Error(int status, int? retryAfterSeconds = null) =>
        new()
        {
            Status = status,
            Body = "No.",
            Headers = retryAfterSeconds is { } seconds ? [new("Retry-After", $"{seconds}")] : [],
        };
}
