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

    /// <summary>True closes the connection instead of answering.</summary>
    public bool IsBroken { get; init; }

    /// <summary>No answer at all: the connection is closed.</summary>
    public static FakeHubAnswer Broken { get; } = new() { IsBroken = true };

    /// <summary>A good answer that takes its time.</summary>
    /// <param name="delay">How long.</param>
    /// <param name="time">The clock by which it waits; null is the system's.</param>
    public static FakeHubAnswer Slow(TimeSpan delay, TimeProvider? time = null) =>
        new() { Before = _ => Task.Delay(delay, time ?? TimeProvider.System) };

    /// <summary>Too many requests.</summary>
    /// <param name="retryAfterSeconds">When to come back.</param>
    public static FakeHubAnswer RateLimited(int retryAfterSeconds) => Error(429, retryAfterSeconds);

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
