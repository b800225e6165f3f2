namespace WebSub.Subscriber.Tunnels;

/// <summary>Where programs that make tunnels tell of them.</summary>
internal sealed record TunnelPlaces
{
    /// <summary>The agent's own API, and where a second agent has it.</summary>
    public IReadOnlyList<string> Ngrok { get; init; } = ["http://127.0.0.1:4040", "http://127.0.0.1:4041"];

    /// <summary>The metrics addresses that cloudflared tries in this order, unless it was given one.</summary>
    public IReadOnlyList<string> Cloudflared { get; init; } = [.. Enumerable.Range(20241, 5).Select(port => $"http://127.0.0.1:{port}")];

    /// <summary>An environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>How long a program has to answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);
}
