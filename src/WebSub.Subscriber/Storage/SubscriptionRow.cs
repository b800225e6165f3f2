using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WebSub.Secrets;
using WebSub.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Storage;

/// <summary>A row of <c>subscriptions</c>, flat as the table is: secrets, and the options that may hold some, sealed.</summary>
internal sealed record SubscriptionRow
{
    private const int MaxTargetKey = 600;

    public string Id { get; init; } = "";

    public string Handler { get; init; } = "";

    public string TargetKey { get; init; } = "";

    public string? Resource { get; init; }

    public string? WantedTopic { get; init; }

    public string? WantedHub { get; init; }

    public string Options { get; init; } = "{}";

    public string State { get; init; } = "";

    public string? Reason { get; init; }

    public long CreatedAt { get; init; }

    public long ChangedAt { get; init; }

    public long Version { get; init; }

    public long Received { get; init; }

    public long? ReceivedAt { get; init; }

    public string? Hub { get; init; }

    public string? Topic { get; init; }

    public string? Secret { get; init; }

    public string? CallbackKey { get; init; }

    public long? ConfirmedAt { get; init; }

    public long? LeaseEnd { get; init; }

    public long? RenewAt { get; init; }

    public long? EndedAt { get; init; }

    public string? PendingId { get; init; }

    public string? PendingMode { get; init; }

    public string? PendingState { get; init; }

    public string? PendingHub { get; init; }

    public string? PendingTopic { get; init; }

    public string? PendingCallbackKey { get; init; }

    public string? PendingSecret { get; init; }

    public long? PendingLeaseSeconds { get; init; }

    public long PendingConnectAttempts { get; init; }

    public long PendingHubErrorAttempts { get; init; }

    public long PendingVerifyAttempts { get; init; }

    public long? PendingDue { get; init; }

    public long? PendingSentAt { get; init; }

    public string? CallbackUrl { get; init; }

    public string? PendingCallbackUrl { get; init; }

    public string? Declared { get; init; }

    public long Resumes { get; init; }

    public string? Parent { get; init; }

    public long? Due { get; init; }

    /// <summary>What makes two wishes the same: the resource, or topic and hub.</summary>
    public static string TargetKeyOf(WebSubTarget target)
    {
        var key = target.ResourceUrl is { } url ? $"resource {url}" : $"topic {target.TopicName} hub {target.HubUrl}";
        // PostgreSQL takes no more than 2,704 bytes into an index.
        return key.Length <= MaxTargetKey ? key : "sha256 " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    public static string Write(WebSubSubscribeOptions options) => JsonSerializer.Serialize(options);

    public static SubscriptionRow From(Subscription s, SecretBox box)
    {
        var part = s.Active ?? s.Ended;
        var id = s.Id.ToString("D");
        return new()
        {
            Id = id,
            Handler = s.Handler,
            TargetKey = TargetKeyOf(s.Target),
            Resource = s.Target.ResourceUrl,
            WantedTopic = s.Target.TopicName,
            WantedHub = s.Target.HubUrl,
            Options = SealedText.Seal(box, Write(s.Options), id, "options")!,
            State = s.State.ToString(),
            Reason = StoredText.Clean(s.Reason),
            CreatedAt = UnixMicroseconds.From(s.CreatedAt),
            ChangedAt = UnixMicroseconds.From(s.ChangedAt),
            Version = s.Version,
            Hub = part?.Hub,
            Topic = part?.Topic,
            Secret = SealedText.Seal(box, part?.Secret, id, "secret"),
            CallbackKey = part?.CallbackKey,
            ConfirmedAt = From(part?.ConfirmedAt),
            LeaseEnd = From(part?.LeaseEnd),
            RenewAt = From(part?.RenewAt),
            EndedAt = s.Active is null && s.Ended is not null ? UnixMicroseconds.From(s.ChangedAt) : null,
            PendingId = s.Pending?.Id.ToString("D"),
            PendingMode = s.Pending?.Mode,
            PendingState = s.Pending?.State.ToString(),
            PendingHub = s.Pending?.Hub,
            PendingTopic = s.Pending?.Topic,
            PendingCallbackKey = s.Pending?.CallbackKey,
            PendingSecret = SealedText.Seal(box, s.Pending?.Secret, id, "secret"),
            PendingLeaseSeconds = s.Pending?.LeaseSeconds,
            PendingConnectAttempts = s.Pending?.ConnectAttempts ?? 0,
            PendingHubErrorAttempts = s.Pending?.HubErrorAttempts ?? 0,
            PendingVerifyAttempts = s.Pending?.VerifyAttempts ?? 0,
            PendingDue = From(s.Pending?.Due),
            PendingSentAt = From(s.Pending?.SentAt),
            CallbackUrl = part?.CallbackUrl,
            PendingCallbackUrl = s.Pending?.CallbackUrl,
            Declared = SealedText.Seal(box, s.Declared, id, "declared"),
            Resumes = s.Resumes ? 1 : 0,
            Parent = s.Parent?.ToString("D"),
            Due = From(s.Due),
        };
    }

    public Subscription ToSubscription(SecretOpener opener)
    {
        var part = CallbackKey is null
            ? null
            : new ConfirmedPart
            {
                Hub = Hub!,
                Topic = Topic!,
                Secret = SealedText.Open(opener, Secret),
                CallbackKey = CallbackKey,
                CallbackUrl = CallbackUrl,
                ConfirmedAt = UnixMicroseconds.ToMoment(ConfirmedAt!.Value),
                LeaseEnd = UnixMicroseconds.ToMoment(LeaseEnd!.Value),
                RenewAt = To(RenewAt),
            };
        return new()
        {
            Id = Guid.Parse(Id),
            Handler = Handler,
            Target = Resource is not null ? WebSubTarget.Resource(Resource) : WebSubTarget.Topic(WantedTopic!, WantedHub),
            Options = JsonSerializer.Deserialize<WebSubSubscribeOptions>(SealedText.Open(opener, Options)!)!,
            State = Enum.Parse<WebSubSubscriptionState>(State),
            Reason = Reason,
            CreatedAt = UnixMicroseconds.ToMoment(CreatedAt),
            ChangedAt = UnixMicroseconds.ToMoment(ChangedAt),
            Version = Version,
            Received = Received,
            ReceivedAt = To(ReceivedAt),
            Declared = SealedText.Open(opener, Declared),
            Resumes = Resumes != 0,
            Parent = Parent is null ? null : Guid.Parse(Parent),
            Active = EndedAt is null ? part : null,
            Ended = EndedAt is null ? null : part,
            Pending = PendingId is null ? null : ToPending(opener),
        };
    }

    private static long? From(DateTimeOffset? moment) => moment is { } m ? UnixMicroseconds.From(m) : null;

    private static DateTimeOffset? To(long? microseconds) => microseconds is { } m ? UnixMicroseconds.ToMoment(m) : null;

    private PendingRequest ToPending(SecretOpener opener) =>
        new()
        {
            Id = Guid.Parse(PendingId!),
            Mode = PendingMode!,
            State = Enum.Parse<WebSubRequestState>(PendingState!),
            Hub = PendingHub,
            Topic = PendingTopic,
            CallbackKey = PendingCallbackKey,
            CallbackUrl = PendingCallbackUrl,
            Secret = SealedText.Open(opener, PendingSecret),
            LeaseSeconds = PendingLeaseSeconds,
            ConnectAttempts = (int)PendingConnectAttempts,
            HubErrorAttempts = (int)PendingHubErrorAttempts,
            VerifyAttempts = (int)PendingVerifyAttempts,
            Due = UnixMicroseconds.ToMoment(PendingDue!.Value),
            SentAt = To(PendingSentAt),
        };
}
