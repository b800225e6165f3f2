using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WebSub.Secrets;
using WebSub.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Storage;

/// <summary>A row of <c>subscriptions</c>, flat like the table: secrets, and the options that may hold some, are sealed.</summary>
internal sealed record SubscriptionRow
{
    private const int MaxTargetKey = 600;

    public string Id { get; init; } = "";

    public string Handler { get; init; } = "";

    public string TargetKey { get; init; } = "";

    public string? Resource { get; init; }

    public string? WantedTopic { get; init; }

    public string? WantedHub { get; init; }

    public SealedText Options { get; init; } = new("{}");

    public string State { get; init; } = "";

    public string? Reason { get; init; }

    public DatabaseTime CreatedAt { get; init; }

    public DatabaseTime ChangedAt { get; init; }

    public long Version { get; init; }

    public long Received { get; init; }

    public DatabaseTime? ReceivedAt { get; init; }

    public long? UsualPause { get; init; }

    public DatabaseTime? SilentSince { get; init; }

    public string? Silence { get; init; }

    public long Missed { get; init; }

    public string? Hub { get; init; }

    public string? Topic { get; init; }

    public SealedText? Secret { get; init; }

    public string? CallbackKey { get; init; }

    public DatabaseTime? ConfirmedAt { get; init; }

    public DatabaseTime? LeaseEnd { get; init; }

    public DatabaseTime? RenewAt { get; init; }

    public DatabaseTime? EndedAt { get; init; }

    public string? PendingId { get; init; }

    public string? PendingMode { get; init; }

    public string? PendingState { get; init; }

    public string? PendingHub { get; init; }

    public string? PendingTopic { get; init; }

    public string? PendingCallbackKey { get; init; }

    public SealedText? PendingSecret { get; init; }

    public long? PendingLeaseSeconds { get; init; }

    public long PendingConnectAttempts { get; init; }

    public long PendingHubErrorAttempts { get; init; }

    public long PendingVerifyAttempts { get; init; }

    public DatabaseTime? PendingDue { get; init; }

    public DatabaseTime? PendingSentAt { get; init; }

    public string? CallbackUrl { get; init; }

    public string? PendingCallbackUrl { get; init; }

    public SealedText? Declared { get; init; }

    public SealedText? Replaced { get; init; }

    public bool Resumes { get; init; }

    public string? Parent { get; init; }

    public DatabaseTime? Due { get; init; }

    /// <summary>What makes two subscriptions the same: the resource, or topic and hub.</summary>
    public static string TargetKeyOf(WebSubTarget target)
    {
        var key = target.ResourceUrl is { } url ? $"resource {url}" : $"topic {target.TopicName} hub {target.HubUrl}";
        // PostgreSQL indexes at most 2,704 bytes.
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
            Options = SealedText.Seal(box, Write(s.Options), id, "options")!.Value,
            State = s.State.ToString(),
            Reason = StoredText.Clean(s.Reason),
            CreatedAt = DatabaseTime.From(s.CreatedAt),
            ChangedAt = DatabaseTime.From(s.ChangedAt),
            Version = s.Version,
            Hub = part?.Hub,
            Topic = part?.Topic,
            Secret = SealedText.Seal(box, part?.Secret, id, "secret"),
            CallbackKey = part?.CallbackKey,
            ConfirmedAt = DatabaseTime.From(part?.ConfirmedAt),
            LeaseEnd = DatabaseTime.From(part?.LeaseEnd),
            RenewAt = DatabaseTime.From(part?.RenewAt),
            EndedAt = s.Active is null && s.Ended is not null ? DatabaseTime.From(s.ChangedAt) : null,
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
            PendingDue = DatabaseTime.From(s.Pending?.Due),
            PendingSentAt = DatabaseTime.From(s.Pending?.SentAt),
            CallbackUrl = part?.CallbackUrl,
            PendingCallbackUrl = s.Pending?.CallbackUrl,
            Declared = SealedText.Seal(box, s.Declared, id, "declared"),
            Replaced = s.Replaced.Count == 0 ? null : SealedText.Seal(box, JsonSerializer.Serialize(s.Replaced), id, "replaced"),
            Resumes = s.Resumes,
            Parent = s.Parent?.ToString("D"),
            Due = DatabaseTime.From(s.Due),
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
                Secret = Secret?.Open(opener),
                CallbackKey = CallbackKey,
                CallbackUrl = CallbackUrl,
                ConfirmedAt = ConfirmedAt!.Value.ToMoment(),
                LeaseEnd = LeaseEnd!.Value.ToMoment(),
                RenewAt = RenewAt?.ToMoment(),
            };
        return new()
        {
            Id = Guid.Parse(Id),
            Handler = Handler,
            Target = Resource is not null ? WebSubTarget.Resource(Resource) : WebSubTarget.Topic(WantedTopic!, WantedHub),
            Options = JsonSerializer.Deserialize<WebSubSubscribeOptions>(Options.Open(opener))!,
            State = Enum.Parse<WebSubSubscriptionState>(State),
            Reason = Reason,
            CreatedAt = CreatedAt.ToMoment(),
            ChangedAt = ChangedAt.ToMoment(),
            Version = Version,
            Received = Received,
            ReceivedAt = ReceivedAt?.ToMoment(),
            UsualPause = UsualPause is { } pause ? TimeSpan.FromMicroseconds(pause) : null,
            SilentSince = SilentSince?.ToMoment(),
            Silence = Silence,
            Missed = Missed,
            Declared = Declared?.Open(opener),
            Resumes = Resumes,
            Parent = Parent is null ? null : Guid.Parse(Parent),
            Replaced = Replaced is { } replaced ? JsonSerializer.Deserialize<List<ConfirmedPart>>(replaced.Open(opener))! : [],
            Active = EndedAt is null ? part : null,
            Ended = EndedAt is null ? null : part,
            Pending = PendingId is null ? null : ToPending(opener),
        };
    }

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
            Secret = PendingSecret?.Open(opener),
            LeaseSeconds = PendingLeaseSeconds,
            ConnectAttempts = (int)PendingConnectAttempts,
            HubErrorAttempts = (int)PendingHubErrorAttempts,
            VerifyAttempts = (int)PendingVerifyAttempts,
            Due = PendingDue!.Value.ToMoment(),
            SentAt = PendingSentAt?.ToMoment(),
        };
}
