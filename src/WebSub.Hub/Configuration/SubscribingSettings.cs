using WebSub.Settings;

namespace WebSub.Hub.Configuration;

/// <summary>Leases, limits on subscriptions, verification, rate limits.</summary>
internal static class SubscribingSettings
{
    public static SettingSection<HubOptions> AddTo(SettingSection<HubOptions> hub) =>
        hub.Add(
                "Lease:DefaultSeconds",
                SettingForm.Integer(1, LeaseOptions.Longest, "seconds"),
                o => o.Lease.DefaultSeconds,
                (o, v) => o.Lease.DefaultSeconds = v,
                "lease of a request that does not ask for one"
            )
            .Add(
                "Lease:MinSeconds",
                SettingForm.Integer(1, LeaseOptions.Longest, "seconds"),
                o => o.Lease.MinSeconds,
                (o, v) => o.Lease.MinSeconds = v,
                "shorter requested leases are raised to this; they are never refused"
            )
            .Add(
                "Lease:MaxSeconds",
                SettingForm.Integer(1, LeaseOptions.Longest, "seconds"),
                o => o.Lease.MaxSeconds,
                (o, v) => o.Lease.MaxSeconds = v,
                "longer requested leases are cut to this; no lease is longer than ten years"
            )
            .AddList(
                "Subscribing:Topics",
                SettingForm.Text,
                o => o.Subscribing.Topics,
                (o, v) => o.Subscribing.Topics = v,
                "patterns of the topics that may be subscribed to: `https://*.example/feeds/*`. `*` in a host matches nothing beyond the "
                    + "host, a pattern without a path matches every path, and case does not count. Other topics are refused with 403",
                standard: "all"
            )
            .AddList(
                "Subscribing:Callbacks",
                SettingForm.Text,
                o => o.Subscribing.Callbacks,
                (o, v) => o.Subscribing.Callbacks = v,
                "patterns of the callbacks that may be used, in the same form",
                standard: "all"
            )
            .Add(
                "Subscribing:MaxPerCallbackHost",
                SettingForm.Integer(0, int.MaxValue),
                o => o.Subscribing.MaxPerCallbackHost,
                (o, v) => o.Subscribing.MaxPerCallbackHost = v,
                "most subscriptions of one callback host; 0 is no limit. A request over the limit is answered 403; one that was accepted "
                    + "before the limit was reached is denied (`hub.mode=denied`). With several nodes, each may store one too many"
            )
            .Add(
                "Subscribing:MaxPerTopic",
                SettingForm.Integer(0, int.MaxValue),
                o => o.Subscribing.MaxPerTopic,
                (o, v) => o.Subscribing.MaxPerTopic = v,
                "most subscriptions of one topic; 0 is no limit. Enforced in the same way. A topic of messages has as many as there are "
                    + "callbacks that it reaches: `AA.BB.*` counts for `AA.BB.CC`"
            )
            .Add(
                "Verification:TimeoutSeconds",
                SettingForm.Seconds(0.1, 600),
                o => o.Verification.Timeout,
                (o, v) => o.Verification.Timeout = v,
                "time limit for one verification request"
            )
            .AddList(
                "Verification:RetrySeconds",
                SettingForm.Seconds(0, DeliverySettings.Year),
                o => o.Verification.RetryDelays,
                (o, v) => o.Verification.RetryDelays = v,
                "delays before attempt 2, 3, … after a network error or a 5xx; any other answer is final"
            )
            .Add(
                "Verification:PerHostPerMinute",
                SettingForm.Integer(1, 1_000_000),
                o => o.Verification.PerHostPerMinute,
                (o, v) => o.Verification.PerHostPerMinute = v,
                "verification requests per minute to one callback host, on average and as a burst; further ones wait. "
                    + "At most 32 requests to a host that does not answer are in flight"
            )
            .Add(
                "RateLimit:SubscribesPerMinute",
                SettingForm.Integer(1, int.MaxValue),
                o => o.RateLimit.SubscribesPerMinute,
                (o, v) => o.RateLimit.SubscribesPerMinute = v,
                "subscribe and unsubscribe requests from one client address (an IPv6 client is its /64). More are answered 429 with "
                    + "`Retry-After`. Callers with a key and local callers are exempt"
            )
            .Add(
                "RateLimit:PublishesPerMinute",
                SettingForm.Integer(1, int.MaxValue),
                o => o.RateLimit.PublishesPerMinute,
                (o, v) => o.RateLimit.PublishesPerMinute = v,
                "topics pinged or pushed by one client address; each topic of a ping counts, and one ping names at most 100"
            );
}
