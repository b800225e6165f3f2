namespace WebSub.Http;

/// <summary>A hub's answer to a POST, or why there is none.</summary>
public sealed record HubResponse
{
    /// <summary>How it ended.</summary>
    public required HubOutcome Outcome { get; init; }

    /// <summary>The last HTTP status; 0 if there was no answer.</summary>
    public int StatusCode { get; init; }

    /// <summary>A sentence for people: the hub's own text, or what went wrong.</summary>
    public required string Explanation { get; init; }

    /// <summary>The start of the body, as it came; up to 64 KiB.</summary>
    public string Body { get; init; } = "";

    /// <summary>The response headers, as they came; one that came several times has all its values.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The URL that answered; differs from the requested one if the hub redirected with 307 or 308.</summary>
    public required string Hub { get; init; }

    /// <summary>How long the hub asks to wait before the next attempt.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True if the hub answered 2xx.</summary>
    public bool IsAccepted => Outcome == HubOutcome.Accepted;
}
