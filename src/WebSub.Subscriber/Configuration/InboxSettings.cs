using WebSub.Settings;

namespace WebSub.Subscriber.Configuration;

/// <summary>How stored notifications are passed to handlers.</summary>
internal static class InboxSettings
{
    private const double Year = 31_536_000;

    public static SettingSection<WebSubSubscriberOptions> AddTo(SettingSection<WebSubSubscriberOptions> subscriber) =>
        subscriber
            .Add(
                "Inbox:MaxConcurrency",
                SettingForm.Count(1, 1000),
                o => o.Inbox.MaxConcurrency,
                (o, v) => o.Inbox.MaxConcurrency = v,
                "how many queued handlers run at a time; never more than one per subscription"
            )
            .Add(
                "Inbox:HandlerTimeoutSeconds",
                SettingForm.Seconds(0, 604_800),
                o => o.Inbox.HandlerTimeout,
                (o, v) => o.Inbox.HandlerTimeout = v,
                "how long a queued handler may take; then its cancellation token is cancelled and the call counts as failed. 0: no limit"
            )
            .Add(
                "Inbox:MaxAttempts",
                SettingForm.Count(1, 1000),
                o => o.Inbox.MaxAttempts,
                (o, v) => o.Inbox.MaxAttempts = v,
                "how many times a handler is called before a notification is parked"
            )
            .AddList(
                "Inbox:DelaySeconds",
                SettingForm.Seconds(0, 604_800),
                o => o.Inbox.Delays,
                (o, v) => o.Inbox.Delays = v,
                "delays between these calls, ±20 %; the last one repeats",
                isRequired: true
            )
            .Add(
                "Inbox:RetentionSeconds",
                SettingForm.Seconds(0, Year),
                o => o.Inbox.Retention,
                (o, v) => o.Inbox.Retention = v,
                "how long handled notifications are kept; repeats are recognised for that long"
            )
            .Add(
                "Inbox:ParkedRetentionSeconds",
                SettingForm.Seconds(0, Year),
                o => o.Inbox.ParkedRetention,
                (o, v) => o.Inbox.ParkedRetention = v,
                "how long parked notifications are kept for a replay"
            )
            .Add(
                "Inbox:RepeatWindowSeconds",
                SettingForm.Seconds(0, Year),
                o => o.Inbox.RepeatWindow,
                (o, v) => o.Inbox.RepeatWindow = v,
                "for hubs that send no delivery ids: an identical body within this time is a repeat"
            )
            .Add(
                "Inbox:SignedRepeatWindowSeconds",
                SettingForm.Seconds(0, Year),
                o => o.Inbox.SignedRepeatWindow,
                (o, v) => o.Inbox.SignedRepeatWindow = v,
                "for subscriptions with a secret: an identical body within this time is a repeat, unless its hub gives it a later number"
            )
            .Add(
                "Inbox:TrustNumberedIds",
                SettingForm.Boolean,
                o => o.Inbox.TrustNumberedIds,
                (o, v) => o.Inbox.TrustNumberedIds = v,
                "false: within that time it is a repeat whatever its id says"
            );
}
