namespace WebSub.Subscriber.Storage;

/// <summary>A row of <c>callbacks</c>, without its subscription.</summary>
internal sealed record CallbackRow
{
    public string CallbackKey { get; init; } = "";

    /// <summary>The handler name in the callback's path.</summary>
    public string Handler { get; init; } = "";

    /// <summary>The prefix of the callback's path; null means the current one.</summary>
    public string? Prefix { get; init; }

    /// <summary>The path at which a callback URL of the subscription's own is answered; null for those below a prefix.</summary>
    public string? Path { get; init; }
}
