using WebSub.Http;
using WebSub.Publishing;
using WebSub.Storage;

namespace WebSub.Publisher;

/// <summary>
/// The settings of a publisher (<c>WebSub:Publisher</c>, <c>WebSub:Outbound</c>, <c>WebSub:Storage</c>,
/// <c>ConnectionStrings:WebSubPublisher</c>).
/// </summary>
public sealed class WebSubPublisherOptions
{
    /// <summary>The hubs to advertise and to notify of updates; a string converts to a hub.</summary>
    /// <value>At least one. Default: none.</value>
    public IList<WebSubPublisherHub> Hubs { get; set; } = [];

    /// <summary>
    /// The app's public URL, if it differs from that of incoming requests, for example behind a proxy. Topics that are published as paths
    /// outside a request need it.
    /// </summary>
    /// <value>Scheme, host and path base, for example <c>https://example.com/blog</c>. Default: those of each request.</value>
    public Uri? PublicUrl { get; set; }

    /// <summary>The key for hubs that require one, sent as <c>Authorization: Bearer KEY</c> to every hub without its own key.</summary>
    /// <value>Default: none.</value>
    public string? ApiKey { get; set; }

    /// <summary>How a ping names its topic.</summary>
    /// <value>Default: <see cref="PingForm.Both"/>.</value>
    public PingForm PingForm { get; set; }

    /// <summary>How long a hub may take to answer.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The delays before the second, third, … attempt to notify a hub; the last one repeats. A longer <c>Retry-After</c> wins, up to a day.
    /// </summary>
    /// <value>Default: 5 seconds, 30 seconds, 2 minutes, 10 minutes, 1 hour; each ±20 %.</value>
    public IReadOnlyList<TimeSpan> RetryDelays { get; set; } =
    [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    /// <summary>How long an update is retried; after that only the topic's next update tries again.</summary>
    /// <value>Default: 7 days.</value>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The minimum time between two pings for one topic to one hub: updates published in between become one ping.</summary>
    /// <value>Default: 1 second.</value>
    public TimeSpan CoalesceInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many messages per second are sent to one hub.</summary>
    /// <value>Default: 20.</value>
    public int MessagesPerHubPerSecond { get; set; } = 20;

    /// <summary>How many messages to one hub may be unanswered at a time.</summary>
    /// <value>Default: 4.</value>
    public int MaxConcurrencyPerHub { get; set; } = 4;

    /// <summary>The largest content that can be published.</summary>
    /// <value>Bytes. Default: 4 MiB.</value>
    public long MaxContentBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// How often the database is polled for updates that this process gets no signal of: those from the app's own transactions and from
    /// other processes.
    /// </summary>
    /// <value>Default: 1 second.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the app checks its own topics after start and logs what would trip up subscribers or hubs.</summary>
    /// <value>Default: true.</value>
    public bool CheckAtStart { get; set; } = true;

    /// <summary>
    /// A SQLite or PostgreSQL connection string, or a <c>postgres://</c> address. To publish in the app's own transactions it must be the
    /// app's database.
    /// </summary>
    /// <value>Default: <c>Data Source=websub-publisher.db</c>.</value>
    public string ConnectionString { get; set; } = "Data Source=websub-publisher.db";

    /// <summary>The kind of database, if it cannot be inferred from the connection string.</summary>
    /// <value>Default: inferred from the connection string.</value>
    public SqlDialect? StorageProvider { get; set; }

    /// <summary>
    /// Whether the publisher migrates its tables to the newest version at start. If not, it checks at start that they are up to date.
    /// </summary>
    /// <value>Default: true.</value>
    public bool Migrate { get; set; } = true;

    /// <summary>
    /// Up to which size a SQLite file is checked for damage at start, which reads all of it (<c>WebSub:Storage:CheckMegabytes</c>).
    /// </summary>
    /// <value>Megabytes; 0 never checks. Default: 64.</value>
    public int CheckMegabytes { get; set; } = 64;

    /// <summary>What messages to hubs may reach (<c>WebSub:Outbound</c>).</summary>
    public OutboundOptions Outbound { get; } = new();

    /// <summary>What could not be read from the configuration.</summary>
    internal List<string> Faults { get; } = [];
}
