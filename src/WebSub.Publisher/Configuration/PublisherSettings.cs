using WebSub.Publishing;
using WebSub.Settings;

namespace WebSub.Publisher.Configuration;

/// <summary>All settings of the publisher.</summary>
internal static class PublisherSettings
{
    public const string Section = "WebSub:Publisher";
    private const double Day = 86_400;
    private const double Year = 365 * Day;

    public static SettingTable<WebSubPublisherOptions> Table { get; } =
        new(
            AddMessages(AddTo(new(Section))),
            SharedSettings.ConnectionString<WebSubPublisherOptions>(
                "WebSubPublisher",
                o => o.ConnectionString,
                (o, v) => o.ConnectionString = v,
                "the publisher's database; give the app's own to publish in the app's transactions"
            ),
            SharedSettings.Storage<WebSubPublisherOptions>(
                "websub_publisher_",
                o => o.StorageProvider,
                (o, v) => o.StorageProvider = v,
                o => o.Migrate,
                (o, v) => o.Migrate = v,
                o => o.CheckMegabytes,
                (o, v) => o.CheckMegabytes = v,
                _ => null,
                (_, _) => { },
                "of no effect on the publisher, which seals nothing: for a hub or a subscriber in the same app"
            ),
            SharedSettings.Outbound<WebSubPublisherOptions>(o => o.Outbound)
        );

    private static SettingSection<WebSubPublisherOptions> AddTo(SettingSection<WebSubPublisherOptions> publisher) =>
        publisher
            .AddTree(
                HubSettings.Name,
                standard: "required",
                "absolute http or https URLs, or an array of objects",
                "hubs to advertise and to notify of updates: `https://a.example/,https://b.example/`, an array, or an array of objects "
                    + "(below)",
                HubSettings.Read,
                HubSettings.Check
            )
            .Add(
                "PublicUrl",
                SettingForm.BaseUrl,
                o => o.PublicUrl,
                (o, v) => o.PublicUrl = v,
                "the app's public scheme, host and path base; topics given as paths (`/feed`) are relative to it",
                standard: "that of each request"
            )
            .Add(
                "ApiKey",
                SettingForm.Text,
                o => o.ApiKey,
                (o, v) => o.ApiKey = v,
                "sent as `Authorization: Bearer KEY` to every hub without its own key"
            )
            .Add(
                "PingForm",
                SettingForm.Choice<PingForm>(),
                o => o.PingForm,
                (o, v) => o.PingForm = v,
                "how a ping names its topic: `Both`, `Topic` (`hub.topic`), `Url` (`hub.url`)"
            )
            .Add(
                "CheckAtStart",
                SettingForm.Boolean,
                o => o.CheckAtStart,
                (o, v) => o.CheckAtStart = v,
                "checks a few of the app's topics after start and logs what would trip up subscribers and hubs"
            );

    private static SettingSection<WebSubPublisherOptions> AddMessages(SettingSection<WebSubPublisherOptions> publisher) =>
        publisher
            .Add(
                "TimeoutSeconds",
                SettingForm.Seconds(0.1, 600),
                o => o.Timeout,
                (o, v) => o.Timeout = v,
                "how long one message may take, redirects included"
            )
            .AddList(
                "RetrySeconds",
                SettingForm.Seconds(0, Year),
                o => o.RetryDelays,
                (o, v) => o.RetryDelays = v,
                "delays before attempts 2, 3, …, ±20 %; the last one repeats; a longer `Retry-After` wins, up to a day",
                isRequired: true
            )
            .Add(
                "GiveUpAfterSeconds",
                SettingForm.Seconds(0, Year),
                o => o.GiveUpAfter,
                (o, v) => o.GiveUpAfter = v,
                "how long an update is retried; after that only the topic's next update tries again; 0 tries once"
            )
            .Add(
                "CoalesceSeconds",
                SettingForm.Seconds(0, Day),
                o => o.CoalesceInterval,
                (o, v) => o.CoalesceInterval = v,
                "minimum time between two pings for one topic to one hub; updates published in between become one ping"
            )
            .Add(
                "MessagesPerHubPerSecond",
                SettingForm.Count(1, 10_000),
                o => o.MessagesPerHubPerSecond,
                (o, v) => o.MessagesPerHubPerSecond = v,
                "how many messages per second are sent to one hub"
            )
            .Add(
                "MaxConcurrencyPerHub",
                SettingForm.Count(1, 1000),
                o => o.MaxConcurrencyPerHub,
                (o, v) => o.MaxConcurrencyPerHub = v,
                "how many messages to one hub may be unanswered at a time"
            )
            .Add(
                "MaxContentBytes",
                SettingForm.Integer(1, 1L << 30, "bytes"),
                o => o.MaxContentBytes,
                (o, v) => o.MaxContentBytes = v,
                "the largest content that `PublishAsync` accepts"
            )
            .Add(
                "PollSeconds",
                SettingForm.Seconds(0.1, 3600),
                o => o.PollInterval,
                (o, v) => o.PollInterval = v,
                "how often the database is polled for updates that this process gets no signal of: "
                    + "from the app's own transactions and other processes"
            );
}
