using WebSub.Http;
using WebSub.Publishing;
using WebSub.Storage;

namespace WebSub.Publisher;

/// <summary>
/// How an app publishes (<c>WebSub:Publisher</c>, <c>WebSub:Outbound</c>, <c>WebSub:Storage</c>, <c>ConnectionStrings:WebSubPublisher</c>).
/// </summary>
public sealed class WebSubPublisherOptions
{
    /// <summary>The hubs that are advertised and told of updates; a string will do for one.</summary>
    /// <value>At least one. Default: none.</value>
    public IList<WebSubPublisherHub> Hubs { get; set; } = [];

    /// <summary>
    /// The URL at which the public reaches this app, if that is not what its requests say, for example behind a proxy. Topics that are
    /// published as paths outside of a request need it.
    /// </summary>
    /// <value>Scheme, host and path base, for example <c>https://example.com/blog</c>. Default: those of each request.</value>
    public Uri? PublicUrl { get; set; }

    /// <summary>The key for hubs that want one, sent to all of them as <c>Authorization: Bearer KEY</c> unless a hub has its own.</summary>
    /// <value>Default: none.</value>
    public string? ApiKey { get; set; }

    /// <summary>How a ping names its topic.</summary>
    /// <value>Default: <see cref="PingForm.Both"/>.</value>
    public PingForm PingForm { get; set; }

    /// <summary>How long a hub may take to answer.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long to wait before the second, third, … attempt to tell a hub; the last one repeats. A longer <c>Retry-After</c> wins, up to a
    /// day.
    /// </summary>
    /// <value>Default: 5 seconds, 30 seconds, 2 minutes, 10 minutes, 1 hour; each ±20 %.</value>
    public IReadOnlyList<TimeSpan> RetryDelays { get; set; } =
    [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    /// <summary>How long an update is tried; after that only the topic's next update tries again.</summary>
    /// <value>Default: 7 days.</value>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The least time between two pings of one topic to one hub: what is published in between is one ping.</summary>
    /// <value>Default: 1 second.</value>
    public TimeSpan CoalesceInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many messages a second one hub gets.</summary>
    /// <value>Default: 20.</value>
    public int MessagesPerHubPerSecond { get; set; } = 20;

    /// <summary>How many messages to one hub may be unanswered at a time.</summary>
    /// <value>Default: 4.</value>
    public int MaxConcurrencyPerHub { get; set; } = 4;

    /// <summary>The largest content that can be published.</summary>
    /// <value>Bytes. Default: 4 MiB.</value>
    public long MaxContentBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// How often the database is asked for updates that this process cannot hear of: those of the app's own transactions and of other
    /// processes.
    /// </summary>
    /// <value>Default: 1 second.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the app looks at its own topics after the start and logs what subscribers or hubs would stumble over.</summary>
    /// <value>Default: true.</value>
    public bool CheckAtStart { get; set; } = true;

    /// <summary>
    /// A SQLite file, a PostgreSQL connection string or a <c>postgres://</c> address. To publish in the app's own transactions it must be
    /// the app's database.
    /// </summary>
    /// <value>Default: <c>Data Source=websub-publisher.db</c>.</value>
    public string ConnectionString { get; set; } = "Data Source=websub-publisher.db";

    /// <summary>The database, where the connection string does not tell.</summary>
    /// <value>Default: told from the connection string.</value>
    public SqlDialect? StorageProvider { get; set; }

    /// <summary>
    /// Whether the publisher brings its tables to the newest version at start. If not, the start checks that they have it.
    /// </summary>
    /// <value>Default: true.</value>
    public bool Migrate { get; set; } = true;

    /// <summary>What messages to hubs may reach (<c>WebSub:Outbound</c>).</summary>
    public OutboundOptions Outbound { get; } = new();

    /// <summary>What the settings had that could not be read.</summary>
    internal List<string> Faults { get; } = [];
}
