using WebSub.Settings;

namespace WebSub.Subscriber.Configuration;

/// <summary>How subscriptions are requested, renewed and ended.</summary>
internal static class LeaseSettings
{
    public static SettingSection<WebSubSubscriberOptions> AddTo(SettingSection<WebSubSubscriberOptions> subscriber) =>
        subscriber
            .Add("DefaultHub", SettingForm.Url, o => o.DefaultHub, (o, v) => o.DefaultHub = v, "the hub for topics given without one")
            .Add(
                "PreferHttps",
                SettingForm.Boolean,
                o => o.PreferHttps,
                (o, v) => o.PreferHttps = v,
                "a hub named with http is asked at its https address first, and at the given one if that fails"
            )
            .Add("LeaseSeconds", SubscriberSettings.Lease, o => o.LeaseSeconds, (o, v) => o.LeaseSeconds = v, "the lease to request")
            .Add(
                "MaxLeaseFactor",
                SettingForm.Fraction(1, 1000),
                o => o.MaxLeaseFactor,
                (o, v) => o.MaxLeaseFactor = v,
                "of the lease that a hub grants, at most this many times the requested one counts, so that no hub puts the renewal off for "
                    + "years; where none was requested, 10 days count as requested"
            )
            .Add(
                "RenewAtFraction",
                SettingForm.Fraction(0.1, 0.95),
                o => o.RenewAtFraction,
                (o, v) => o.RenewAtFraction = v,
                "the fraction of the hub's lease that may pass before the renewal, ±5 %"
            )
            .Add(
                "RenewalsPerHubPerSecond",
                SettingForm.Count(1, 1000),
                o => o.RenewalsPerHubPerSecond,
                (o, v) => o.RenewalsPerHubPerSecond = v,
                "renewals at one hub within any second, evenly spaced. Processes on one PostgreSQL database share it: each takes its part, "
                    + "and learns within 20 s of one that starts or dies. "
                    + "`Retry-After` of a 429 or 503 holds back all "
                    + "renewals of the process that got it, for an hour at most"
            )
            .Add(
                "Retry:MaxConnectAttempts",
                SettingForm.Count(1, 1000),
                o => o.Retry.MaxConnectAttempts,
                (o, v) => o.Retry.MaxConnectAttempts = v,
                "how many attempts may fail in discovery or connecting"
            )
            .Add(
                "Retry:MaxHubErrorAttempts",
                SettingForm.Count(1, 1000),
                o => o.Retry.MaxHubErrorAttempts,
                (o, v) => o.Retry.MaxHubErrorAttempts = v,
                "how many attempts a hub may answer with an error"
            )
            .Add(
                "Retry:MaxVerifyAttempts",
                SettingForm.Count(1, 1000),
                o => o.Retry.MaxVerifyAttempts,
                (o, v) => o.Retry.MaxVerifyAttempts = v,
                "how many attempts a hub may accept and not verify"
            )
            .AddList(
                "Retry:DelaySeconds",
                SettingForm.Seconds(0, 604_800),
                o => o.Retry.Delays,
                (o, v) => o.Retry.Delays = v,
                "delays before attempts 2, 3, …, ±20 %; the last one repeats; a longer `Retry-After` wins, up to a day",
                isRequired: true
            )
            .Add(
                "VerifyWaitSeconds",
                SettingForm.Seconds(1, 86_400),
                o => o.VerifyWait,
                (o, v) => o.VerifyWait = v,
                "how long a hub has to verify"
            )
            .Add(
                "KeepEndedDays",
                SettingForm.Count(0, 36_500),
                o => o.KeepEndedDays,
                (o, v) => o.KeepEndedDays = v,
                "how many days rows of subscriptions that have ended, were denied or have failed are kept, unless they are still declared; "
                    + "0 for ever"
            )
            .Add(
                "UnsubscribeOnShutdown",
                SettingForm.Boolean,
                o => o.UnsubscribeOnShutdown,
                (o, v) => o.UnsubscribeOnShutdown = v,
                "unsubscribe all subscriptions when the app stops; they are requested again at the next start. Of several processes on one "
                    + "database, the last one to stop does it"
            )
            .Add(
                "ShutdownSeconds",
                SettingForm.Seconds(0, 3600),
                o => o.ShutdownTimeout,
                (o, v) => o.ShutdownTimeout = v,
                "how long that may take; the host's shutdown timeout must be longer"
            );
}
