using WebSub.Protocol;

namespace WebSub.Testing;

/// <summary>A request that a <see cref="FakeHub"/> received.</summary>
public sealed record FakeHubRequest
{
    /// <summary>The fields of the form, in order.</summary>
    public required HubFields Fields { get; init; }

    /// <summary>The <c>Content-Type</c> header, verbatim.</summary>
    public string? ContentType { get; init; }

    /// <summary>The request headers; names are case-insensitive.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The requested path, with its query.</summary>
    public required string Path { get; init; }

    /// <summary><c>hub.mode</c>, or an empty string.</summary>
    public string Mode => Fields[HubParameters.Mode] ?? "";

    /// <summary><c>hub.topic</c>, or an empty string.</summary>
    public string Topic => Fields[HubParameters.Topic] ?? "";

    /// <summary><c>hub.callback</c>, or an empty string.</summary>
    public string Callback => Fields[HubParameters.Callback] ?? "";

    /// <summary><c>hub.secret</c>.</summary>
    public string? Secret => Fields[HubParameters.Secret];

    /// <summary><c>hub.lease_seconds</c> as it was written.</summary>
    public string? LeaseSeconds => Fields[HubParameters.LeaseSeconds];
}
