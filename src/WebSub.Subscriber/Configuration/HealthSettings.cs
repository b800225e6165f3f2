using WebSub.Settings;

namespace WebSub.Subscriber.Configuration;

/// <summary>How hubs that have fallen silent are noticed.</summary>
internal static class HealthSettings
{
    private const double Year = 31_536_000;

    public static SettingSection<WebSubSubscriberOptions> AddTo(SettingSection<WebSubSubscriberOptions> subscriber) =>
        subscriber
            .Add(
                "Health:SilentAfterSeconds",
                SettingForm.Seconds(0, Year),
                o => o.Health.SilentAfter,
                (o, v) => o.Health.SilentAfter = v,
                "a hub that has delivered nothing for so long, and for `SilentAfterPauses` of its usual pauses, counts as silent and is "
                    + "asked again; 0: silence is not watched for"
            )
            .Add(
                "Health:SilentAfterPauses",
                SettingForm.Fraction(1, 10_000),
                o => o.Health.SilentAfterPauses,
                (o, v) => o.Health.SilentAfterPauses = v,
                "see `SilentAfterSeconds`; the usual pause is known after five deliveries"
            )
            .Add(
                "Health:Poll",
                SettingForm.Boolean,
                o => o.Health.Poll,
                (o, v) => o.Health.Poll = v,
                "asks topics themselves, by conditional GET, whether they have changed; what the hub does not deliver goes to the handler"
            )
            .Add(
                "Health:PollAtLeastSeconds",
                SettingForm.Seconds(1, Year),
                o => o.Health.PollAtLeast,
                (o, v) => o.Health.PollAtLeast = v,
                "the shortest pause between two polls of a topic; it follows the usual pause between deliveries"
            )
            .Add(
                "Health:PollAtMostSeconds",
                SettingForm.Seconds(1, Year),
                o => o.Health.PollAtMost,
                (o, v) => o.Health.PollAtMost = v,
                "the longest; polls that find nothing new get rarer up to this"
            )
            .Add(
                "Health:PollGraceSeconds",
                SettingForm.Seconds(1, Year),
                o => o.Health.PollGrace,
                (o, v) => o.Health.PollGrace = v,
                "how long a hub has to deliver an update that a poll has found"
            )
            .Add(
                "Health:ChangeHub",
                SettingForm.Boolean,
                o => o.Health.ChangeHub,
                (o, v) => o.Health.ChangeHub = v,
                "leaves a hub that misses an update after it was asked again, for another one that the topic advertises"
            )
            .Add(
                "Health:FetchAfterVerification",
                SettingForm.Boolean,
                o => o.Health.FetchAfterVerification,
                (o, v) => o.Health.FetchAfterVerification = v,
                "fetches the topic once when a subscription becomes active, and passes it to the handler"
            )
            .Add(
                "Health:FillGaps",
                SettingForm.Boolean,
                o => o.Health.FillGaps,
                (o, v) => o.Health.FillGaps = v,
                "fills a hole in the delivery ids of a hub that numbers them from the hub's history (`GET HUB/events`), where it may be "
                    + "read"
            );
}
