using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Subscribing;

/// <summary>Builds the callback URLs for hubs.</summary>
internal sealed class CallbackUrls(WebSubSubscriberOptions options)
{
    /// <summary>The callback of a key: the subscription's own base, or public URL and prefix, then handler and key.</summary>
    public string For(Subscription subscription, string key)
    {
        var path = $"/{subscription.Handler}/{key}";
        if (subscription.Options.CallbackUrl is { } own)
            return subscription.Options.AppendPath ? WithPath(own, path) : own;
        var prefix = options.CallbackPrefix.Trim('/');
        return options.PublicUrl!.OriginalString.TrimEnd('/') + (prefix.Length > 0 ? "/" + prefix : "") + path;
    }

    // A query stays after the path (S7).
    private static string WithPath(string own, string path)
    {
        var end = own.IndexOf('?', StringComparison.Ordinal);
        return end < 0 ? own.TrimEnd('/') + path : own[..end].TrimEnd('/') + path + own[end..];
    }

    /// <summary>A subscription as the app sees it.</summary>
    public WebSubSubscription View(Subscription s)
    {
        var key = s.Active?.CallbackKey ?? s.Pending?.CallbackKey ?? s.Ended?.CallbackKey;
        return new()
        {
            Id = s.Id,
            Handler = s.Handler,
            Parent = s.Parent,
            Target = s.Target,
            State = s.State,
            Topic = s.Active?.Topic ?? s.Pending?.Topic ?? s.Ended?.Topic,
            Hub = s.Active?.Hub ?? s.Pending?.Hub ?? s.Ended?.Hub,
            CallbackUrl = key is null ? null : For(s, key),
            IsSigned = s.Active is { } active ? active.Secret is not null : s.Pending?.Secret is not null,
            LeaseEnd = s.Active?.LeaseEnd,
            RenewAt = s.Active?.RenewAt,
            RequestState = s.Pending?.State,
            NextActionAt = s.Due,
            Received = s.Received,
            ReceivedAt = s.ReceivedAt,
            FailedAttempts = s.Pending?.FailedAttempts ?? 0,
            Reason = s.Reason,
            CreatedAt = s.CreatedAt,
            ChangedAt = s.ChangedAt,
        };
    }
}
