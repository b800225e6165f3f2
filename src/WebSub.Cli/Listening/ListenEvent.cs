using System.ComponentModel;
using System.Text.Json.Serialization;

namespace WebSub.Cli.Listening;

/// <summary>A line of <c>listen --json</c>; what does not apply is left out. The descriptions are those of the reference page.</summary>
internal sealed record ListenEvent
{
    [JsonPropertyOrder(-1)]
    [Description("one of the names above")]
    public required string Event { get; init; }

    [JsonPropertyOrder(-1)]
    [Description("the topic; before it is known, what was typed")]
    public required string Topic { get; init; }

    [Description("when it happened, in UTC")]
    public required DateTimeOffset At { get; init; }

    [Description("`discovered`: what was typed")]
    public string? Resource { get; init; }

    [Description("`discovered`: the hubs of the topic")]
    public IReadOnlyList<string>? Hubs { get; init; }

    [Description("the hub that this is about")]
    public string? Hub { get; init; }

    [Description("`subscribed`: the callback that the hub was given. Whoever has it can send to it")]
    public string? Callback { get; init; }

    [Description("`verified`: whether deliveries will be signed")]
    public bool? Signed { get; init; }

    [Description("`verified`, `renewed`: the lease that the hub granted")]
    public long? LeaseSeconds { get; init; }

    [Description("`verified`, `renewed`: when it ends")]
    public DateTimeOffset? LeaseEnd { get; init; }

    [Description("`denied`, `rejected`, `failed`, `expired`, `gap`: why, in a sentence")]
    public string? Reason { get; init; }

    [Description("`notification` of `--stream`: the update's number in the hub's log of the topic, for `--after`")]
    public long? Sequence { get; init; }

    [Description("`notification`: the content type as the hub sent it; `discovered`: that of the resource")]
    public string? ContentType { get; init; }

    [Description("`notification`: all headers of the request")]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    [Description("`notification`: the body as text, its compression undone")]
    public string? Body { get; init; }

    [Description("`notification`: the body, in place of `body`, where it is no text")]
    public byte[]? BodyBase64 { get; init; }

    [Description("`notification`: why it is no text")]
    public string? Note { get; init; }

    [Description("`notification`: `valid`, or `none` if the subscription has no secret")]
    public string? Signature { get; init; }

    [Description("`notification`: the hub's id of the delivery, the same if it comes again")]
    public string? DeliveryId { get; init; }
}
