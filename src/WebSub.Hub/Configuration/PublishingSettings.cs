using System.Globalization;
using WebSub.Settings;

namespace WebSub.Hub.Configuration;

/// <summary>Who may publish what; fetches; history.</summary>
internal static class PublishingSettings
{
    public static SettingSection<HubOptions> AddTo(SettingSection<HubOptions> hub) =>
        hub.Add(
                "Publishing:Policy",
                SettingForm.Choice<PublishingPolicy>(),
                o => o.Publishing.Policy,
                (o, v) => o.Publishing.Policy = v,
                "`Open`: anyone may ping a topic that has subscribers. `Registered`: only registered topics can be subscribed to and "
                    + "pinged. `Authenticated`: pings need a key or a local caller. Pushing content and registering topics always do"
            )
            .Add(
                "Publishing:AuthorizationPolicy",
                SettingForm.Text,
                o => o.Publishing.AuthorizationPolicy,
                (o, v) => o.Publishing.AuthorizationPolicy = v,
                "when embedded: the host app's authorization policy that allows a caller to publish, in addition to keys and local callers"
            )
            .Add(
                "Publishing:MaxContentBytes",
                SettingForm.Integer(1, 1L << 30, "bytes"),
                o => o.Publishing.MaxContentBytes,
                (o, v) => o.Publishing.MaxContentBytes = v,
                "largest content, fetched (after decompression) or pushed"
            )
            .Add(
                "Publishing:MaxFetchBytes",
                SettingForm.Integer(1, 1L << 40, "bytes"),
                o => o.Publishing.MaxFetchBytes,
                (o, v) => o.Publishing.MaxFetchBytes = v,
                "most bytes in memory for topics that are being fetched; one host may use a quarter of it. The first 32 KB of each fetch "
                    + "do not count; one that is larger counts twice the length it announces, or twice `MaxContentBytes`, and waits "
                    + "for room"
            )
            .Add(
                "Publishing:MaxIntakeBytes",
                SettingForm.Integer(1, 1L << 40, "bytes"),
                o => o.Publishing.MaxIntakeBytes,
                (o, v) => o.Publishing.MaxIntakeBytes = v,
                "most bytes in memory for content that is being pushed, counted likewise; one client address may use a quarter of it. "
                    + "A push that has not arrived, or found room, within a minute is answered with 503"
            )
            .Add(
                "Publishing:MinFetchSeconds",
                SettingForm.Seconds(0, 3600),
                o => o.Publishing.MinFetchInterval,
                (o, v) => o.Publishing.MinFetchInterval = v,
                "shortest time between two fetches of a topic; pings in between cause one fetch once it has passed. A failed fetch is "
                    + "retried after 5, 30, 120, 600 and 3600 s, or later if its server asks for that with `Retry-After`; a ping shortens "
                    + "that wait to at most 5 s, but never below `Retry-After`"
            )
            .Add(
                "Publishing:PerHostPerMinute",
                SettingForm.Integer(1, 1_000_000),
                o => o.Publishing.PerHostPerMinute,
                (o, v) => o.Publishing.PerHostPerMinute = v,
                "fetches per minute from one topic host, on average and as a burst; further ones wait. A document with many elements and "
                    + "attributes counts once for each 10,000. Fetches of registered topics are not limited"
            )
            .Add(
                "Publishing:PingAnswer",
                new SettingForm<int>(
                    "202 or 204",
                    (text, out value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value),
                    value => value.ToString(CultureInfo.InvariantCulture)
                )
                {
                    IsAllowed = value => value is StatusCodes.Status202Accepted or StatusCodes.Status204NoContent,
                },
                o => o.Publishing.PingAnswer,
                (o, v) => o.Publishing.PingAnswer = v,
                "status of the answer to pings and pushed content: `202`, or `204` for publishers written for PubSubHubbub that accept "
                    + "nothing else as success"
            )
            .Add(
                "Publishing:FeedDiff",
                SettingForm.Boolean,
                o => o.Publishing.FeedDiff,
                (o, v) => o.Publishing.FeedDiff = v,
                "whether subscribers to Atom and RSS that have received the previous document get only new and changed entries"
            )
            .Add(
                "History:Days",
                SettingForm.Integer(1, 36_500, "days"),
                o => o.History.Days,
                (o, v) => o.History.Days = v,
                "how long the entries of a topic's log are kept; the newest one stays as long as the topic has a subscriber or is "
                    + "registered. Dead letters, and topics with neither subscribers nor a registration, are removed after the same time"
            )
            .Add(
                "History:Entries",
                SettingForm.Integer(1, 10_000_000),
                o => o.History.Entries,
                (o, v) => o.History.Entries = v,
                "how many entries of a topic's log are kept, not counting older ones that a subscription still waits for"
            )
            .Add(
                "History:MaxBacklog",
                SettingForm.Integer(1, 100_000_000),
                o => o.History.MaxBacklog,
                (o, v) => o.History.MaxBacklog = v,
                "most entries kept while a subscription still waits for them"
            );
}
