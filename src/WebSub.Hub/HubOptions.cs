using WebSub.Http;
using WebSub.Storage;

namespace WebSub.Hub;

/// <summary>
/// The hub's settings: <c>WebSub:Hub</c>, <c>WebSub:Predicates</c>, <c>WebSub:Outbound</c>, <c>WebSub:Storage</c>,
/// <c>WebSub:Administration</c> and <c>ConnectionStrings:WebSub</c>.
/// </summary>
public sealed class HubOptions
{
    /// <summary>Where this hub is reached from outside; sent as <c>rel=hub</c> on every delivery.</summary>
    /// <value>Default: the listening address and the path of <c>MapWebSubHub</c>. With a wildcard address it must be given.</value>
    public Uri? PublicUrl { get; set; }

    /// <summary>A SQLite file, a PostgreSQL connection string or a <c>postgres://</c> address.</summary>
    /// <value>Default: <c>Data Source=websub.db</c>.</value>
    public string ConnectionString { get; set; } = "Data Source=websub.db";

    /// <summary>The database, where the connection string does not tell.</summary>
    /// <value>Default: told from the connection string.</value>
    public SqlDialect? StorageProvider { get; set; }

    /// <summary>
    /// Whether the hub brings its tables to the newest version at start. If not, the start checks that they have it.
    /// </summary>
    /// <value>Default: true.</value>
    public bool Migrate { get; set; } = true;

    /// <summary>Lease bounds.</summary>
    public LeaseOptions Lease { get; } = new();

    /// <summary>Who may subscribe to what.</summary>
    public SubscribingOptions Subscribing { get; } = new();

    /// <summary>How often one client address may call.</summary>
    public RateLimitOptions RateLimit { get; } = new();

    /// <summary>How updates are delivered.</summary>
    public DeliveryOptions Delivery { get; } = new();

    /// <summary>How intent is verified.</summary>
    public VerificationOptions Verification { get; } = new();

    /// <summary>Who may publish what.</summary>
    public PublishingOptions Publishing { get; } = new();

    /// <summary>What is kept of each topic's log.</summary>
    public HistoryOptions History { get; } = new();

    /// <summary>The predicate Subscriptions API.</summary>
    public PredicateOptions Predicates { get; } = new();

    /// <summary>What outbound requests may reach.</summary>
    public OutboundOptions Outbound { get; } = new();

    /// <summary>Keys of callers that may push content, read and administer, by name; a string is a key for all of it.</summary>
    /// <value>Default: none; then only local callers may.</value>
    public IDictionary<string, ApiKey> ApiKeys { get; } = new Dictionary<string, ApiKey>(StringComparer.Ordinal);

    /// <summary>Whether callers on the hub's own machine may do without a key.</summary>
    /// <value>Default: <see cref="Hub.LocalCallers.Auto"/>.</value>
    public LocalCallers LocalCallers { get; set; } = LocalCallers.Auto;

    /// <summary>False leaves the host's clock as it is: for tests whose time stands still.</summary>
    internal bool FollowDatabaseClock { get; set; } = true;

    internal List<string> Faults { get; } = [];
}
