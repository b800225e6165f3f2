namespace WebSub.Subscriber;

/// <summary>The decision of an <see cref="IWebSubVerifier"/>.</summary>
public sealed record WebSubVerdict
{
    private WebSubVerdict() { }

    /// <summary>The request was intended: the challenge is echoed.</summary>
    public static WebSubVerdict Confirm { get; } = new() { IsConfirmed = true };

    /// <summary>True if the challenge is echoed.</summary>
    public bool IsConfirmed { get; private init; }

    /// <summary>Why it is refused.</summary>
    public string? Reason { get; private init; }

    /// <summary>Headers of the 404.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; private init; } = [];

    /// <summary>The body of the 404; null sends the reason.</summary>
    public string? Body { get; private init; }

    /// <summary>The request is not wanted: 404 (S17).</summary>
    /// <param name="reason">Why; kept with the subscription and sent as text.</param>
    /// <param name="headers">Headers of the response.</param>
    /// <param name="body">A body to send instead of the reason.</param>
    public static WebSubVerdict Refuse(string reason, IEnumerable<KeyValuePair<string, string>>? headers = null, string? body = null) =>
        new()
        {
            Reason = reason,
            Headers = [.. headers ?? []],
            Body = body,
        };
}
