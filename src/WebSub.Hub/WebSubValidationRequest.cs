using WebSub.Protocol;

namespace WebSub.Hub;

/// <summary>A well-formed subscribe or unsubscribe request, as a validator sees it.</summary>
public sealed record WebSubValidationRequest
{
    /// <summary><c>subscribe</c> or <c>unsubscribe</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>The topic, byte for byte.</summary>
    public required string Topic { get; init; }

    /// <summary>The callback, byte for byte.</summary>
    public required string Callback { get; init; }

    /// <summary>The lease the hub would grant, in seconds.</summary>
    public required long LeaseSeconds { get; init; }

    /// <summary>All fields of the request, including those unknown to the hub, but without the secret.</summary>
    public required HubFields Fields { get; init; }

    /// <summary>The request's headers, for example for authentication.</summary>
    public required IHeaderDictionary Headers { get; init; }
}
