using WebSub.Protocol;

namespace WebSub.Testing;

/// <summary>A request that a <see cref="FakeHub"/> received.</summary>
public sealed record FakeHubRequest
{
    /// <summary>The fields of the form, in their order.</summary>
    public required HubFields Fields { get; init; }

    /// <summary>The <c>Content-Type</c> header, verbatim.</summary>
    public string? ContentType { get; init; }

    /// <summary>The request headers; names in any case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The path that was requested, with its query.</summary>
    public required string Path { get; init; }

    /// <summary><c>hub.mode</c>, or an empty text.</summary>
    public string Mode => Fields[HubParameters.Mode] ?? "";

    /// <summary><c>hub.topic</c>, or an empty text.</summary>
    public string Topic => Fields[HubParameters.Topic] ?? "";

    /// <summary><c>hub.callback</c>, or an empty text.</summary>
    public string Callback => Fields[HubParameters.Callback] ?? "";

    /// <summary><c>hub.secret</c>.</summary>
    public string? Secret => Fields[HubParameters.Secret];

    /// <summary><c>hub.lease_seconds</c> as it was written.</summary>
    public string? LeaseSeconds => Fields[HubParameters.LeaseSeconds];
}
