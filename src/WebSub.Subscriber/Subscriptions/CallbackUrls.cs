namespace WebSub.Subscriber.Subscriptions;

/// <summary>Builds the callback URLs for hubs.</summary>
internal sealed class CallbackUrls(WebSubSubscriberOptions options)
{
    private string Prefix => options.CallbackPrefix.Trim('/') is { Length: > 0 } prefix ? "/" + prefix : "";

    private string Public => options.PublicUrl?.OriginalString.TrimEnd('/') ?? throw new NoPublicUrlException();

    /// <summary>Checks that this process can make callback URLs.</summary>
    /// <exception cref="NoPublicUrlException">It cannot.</exception>
    public void EnsurePossible() => _ = Public;

    /// <summary>
    /// The callback of a key: the subscription's own URL as it is, or that or the public URL, then prefix, handler and key.
    /// </summary>
    public string For(Subscription subscription, string key)
    {
        var path = $"{Prefix}/{subscription.Handler}/{key}";
        if (subscription.Options.CallbackUrl is { } own)
            return subscription.Options.AppendPath ? WithPath(own, path) : own;
        return Public + path;
    }

    /// <summary>Where a callback that hubs were told of by other means is answered, if nothing else is said.</summary>
    public string ForHandler(string handler) => Public + $"{Prefix}/{handler}";

    /// <summary>
    /// The path at which this app answers a callback URL that is sent as it is; null for all others. What the public URL has as path is the
    /// proxy's to take off, as for every callback.
    /// </summary>
    public string? OwnPath(WebSubSubscribeOptions how)
    {
        if (how.AppendPath || how.CallbackUrl is not { } own || !Uri.TryCreate(own, UriKind.Absolute, out var url))
            return null;
        var path = Uri.UnescapeDataString(url.AbsolutePath);
        var taken =
            options.PublicUrl is { } origin && IsSameOrigin(origin, url) ? Uri.UnescapeDataString(origin.AbsolutePath).TrimEnd('/') : "";
        var local = path.StartsWith(taken + "/", StringComparison.Ordinal) ? path[taken.Length..] : path;
        return "/" + local.Trim('/');
    }

    /// <summary>In what the callback that the hub has differs from the one it would be given now, in a few words.</summary>
    public string WhatChanged(Subscription s)
    {
        var given = s.Pending is { IsSubscribe: true, CallbackUrl: { } asked } ? asked : s.Active?.CallbackUrl ?? "";
        if (s.Options.CallbackUrl is not null)
            return "its own callback URL has changed";
        var start = Public;
        if (!given.StartsWith(start + "/", StringComparison.Ordinal))
            return "the public URL has changed";
        return given.StartsWith($"{start}{Prefix}/", StringComparison.Ordinal)
            ? "the handler's name has changed"
            : "the callback prefix has changed";
    }

    private static bool IsSameOrigin(Uri one, Uri other) =>
        Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    // A query stays after the path (S7).
    private static string WithPath(string own, string path)
    {
        var end = own.IndexOf('?', StringComparison.Ordinal);
        return end < 0 ? own.TrimEnd('/') + path : own[..end].TrimEnd('/') + path + own[end..];
    }

    /// <summary>A subscription as the app sees it.</summary>
    public WebSubSubscription View(Subscription s)
    {
        // What the hub was given; rows of an older version do not have it.
        var (key, given) =
            s.Active is { } active ? (active.CallbackKey, active.CallbackUrl)
            : s.Pending is { CallbackKey: { } asked } pending ? (asked, pending.CallbackUrl)
            : (s.Ended?.CallbackKey, s.Ended?.CallbackUrl);
        return new()
        {
            Id = s.Id,
            Handler = s.Handler,
            Parent = s.Parent,
            Target = s.Target,
            State = s.State,
            Topic = s.Active?.Topic ?? s.Pending?.Topic ?? s.Ended?.Topic ?? s.Target.TopicName,
            Hub = (s.Active?.Hub ?? s.Pending?.Hub ?? s.Ended?.Hub) is { Length: > 0 } hub ? hub : s.Target.HubUrl,
            CallbackUrl = given ?? (key is null || options.PublicUrl is null ? null : For(s, key)),
            IsSigned = s.Active is { } confirmed ? confirmed.Secret is not null : s.Pending?.Secret is not null,
            LeaseEnd = s.Active?.LeaseEnd,
            RenewAt = s.Active?.RenewAt,
            RequestState = s.Pending?.State,
            NextActionAt = s.Due,
            Received = s.Received,
            ReceivedAt = s.ReceivedAt,
            UsualPause = s.UsualPause,
            SilentSince = s.SilentSince,
            Silence = s.Silence,
            Missed = s.Missed,
            FailedAttempts = s.Pending?.FailedAttempts ?? 0,
            Reason = s.Reason,
            CreatedAt = s.CreatedAt,
            ChangedAt = s.ChangedAt,
        };
    }
}
