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
                "SQLite file, PostgreSQL connection string or `postgres://` address. The app's own database to publish in its transactions"
            ),
            SharedSettings.Storage<WebSubPublisherOptions>(
                "websub_publisher_",
                o => o.StorageProvider,
                (o, v) => o.StorageProvider = v,
                o => o.Migrate,
                (o, v) => o.Migrate = v
            ),
            SharedSettings.Outbound<WebSubPublisherOptions>(o => o.Outbound)
        );

    private static SettingSection<WebSubPublisherOptions> AddTo(SettingSection<WebSubPublisherOptions> publisher) =>
        publisher
            .AddTree(
                HubSettings.Name,
                standard: "required",
                "absolute http or https URLs, or an array of objects",
                "hubs that are advertised and told of updates: `https://a.example/,https://b.example/`, an array, or an array of objects "
                    + "(below)",
                HubSettings.Read,
                HubSettings.Check
            )
            .Add(
                "PublicUrl",
                SettingForm.BaseUrl,
                o => o.PublicUrl,
                (o, v) => o.PublicUrl = v,
                "scheme, host and path base at which the public reaches the app; topics given as paths (`/feed`) are below it",
                standard: "what each request says"
            )
            .Add(
                "ApiKey",
                SettingForm.Text,
                o => o.ApiKey,
                (o, v) => o.ApiKey = v,
                "sent to every hub that has no key of its own, as `Authorization: Bearer KEY`"
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
                "looks at a few of the app's topics after the start and logs what subscribers and hubs would stumble over"
            );

    private static SettingSection<WebSubPublisherOptions> AddMessages(SettingSection<WebSubPublisherOptions> publisher) =>
        publisher
            .Add(
                "TimeoutSeconds",
                SettingForm.Seconds(0.1, 600),
                o => o.Timeout,
                (o, v) => o.Timeout = v,
                "for one message, redirects included"
            )
            .AddList(
                "RetrySeconds",
                SettingForm.Seconds(0, Year),
                o => o.RetryDelays,
                (o, v) => o.RetryDelays = v,
                "delays before attempt 2, 3, …; the last one repeats; ±20 %; a longer `Retry-After` wins, up to a day",
                isRequired: true
            )
            .Add(
                "GiveUpAfterSeconds",
                SettingForm.Seconds(0, Year),
                o => o.GiveUpAfter,
                (o, v) => o.GiveUpAfter = v,
                "how long an update is tried; then only the topic's next update tries again; 0 tries once"
            )
            .Add(
                "CoalesceSeconds",
                SettingForm.Seconds(0, Day),
                o => o.CoalesceInterval,
                (o, v) => o.CoalesceInterval = v,
                "least time between two pings of one topic to one hub; what is published in between is one ping"
            )
            .Add(
                "MessagesPerHubPerSecond",
                SettingForm.Count(1, 10_000),
                o => o.MessagesPerHubPerSecond,
                (o, v) => o.MessagesPerHubPerSecond = v,
                "pace of messages to one hub"
            )
            .Add(
                "MaxConcurrencyPerHub",
                SettingForm.Count(1, 1000),
                o => o.MaxConcurrencyPerHub,
                (o, v) => o.MaxConcurrencyPerHub = v,
                "unanswered messages to one hub at a time"
            )
            .Add(
                "MaxContentBytes",
                SettingForm.Integer(1, 1L << 30, "bytes"),
                o => o.MaxContentBytes,
                (o, v) => o.MaxContentBytes = v,
                "largest content that `PublishAsync` takes"
            )
            .Add(
                "PollSeconds",
                SettingForm.Seconds(0.1, 3600),
                o => o.PollInterval,
                (o, v) => o.PollInterval = v,
                "how often the database is asked for what this process cannot hear of: the app's own transactions, other processes"
            );
}
