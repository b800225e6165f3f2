using WebSub.Http;
using WebSub.Storage;

namespace WebSub.Hub;

/// <summary>
/// The hub's settings: <c>WebSub:Hub</c>, <c>WebSub:Predicates</c>, <c>WebSub:Outbound</c>, <c>WebSub:Storage</c>,
/// <c>WebSub:Administration</c> and <c>ConnectionStrings:WebSub</c>.
/// </summary>
public sealed class HubOptions
{
    /// <summary>The hub's URL as the outside world reaches it; sent as <c>rel=hub</c> on every delivery.</summary>
    /// <value>
    /// Default: the listening address and the path of <c>MapWebSubHub</c>. Required when the server listens on a wildcard address.
    /// </value>
    public Uri? PublicUrl { get; set; }

    /// <summary>What this node does. SQLite has one process, which does everything.</summary>
    /// <value>Default: <see cref="HubRoles.All"/>.</value>
    public HubRoles Roles { get; set; } = HubRoles.All;

    /// <summary>A SQLite file, a PostgreSQL connection string or a <c>postgres://</c> address.</summary>
    /// <value>Default: <c>Data Source=websub.db</c>.</value>
    public string ConnectionString { get; set; } = "Data Source=websub.db";

    /// <summary>The kind of database, if the connection string leaves it open.</summary>
    /// <value>Default: inferred from the connection string.</value>
    public SqlDialect? StorageProvider { get; set; }

    /// <summary>
    /// Whether the hub brings its tables up to date at startup. If not, startup only checks that they are.
    /// </summary>
    /// <value>Default: true.</value>
    public bool Migrate { get; set; } = true;

    /// <summary>
    /// Up to which size a SQLite file is checked for damage at start, which reads all of it (<c>WebSub:Storage:CheckMegabytes</c>).
    /// </summary>
    /// <value>Megabytes; 0 never checks. Default: 64.</value>
    public int CheckMegabytes { get; set; } = 64;

    /// <summary>
    /// A folder for the keys that wrap the data key of sealed secrets, away from the database (<c>WebSub:Storage:KeyRing</c>).
    /// </summary>
    /// <value>
    /// Default: none; the keys are in the database, or the host's Data Protection has them if it is configured to persist its keys.
    /// </value>
    public string? KeyRing { get; set; }

    /// <summary>The bounds of leases.</summary>
    public LeaseOptions Lease { get; } = new();

    /// <summary>Who may subscribe to what.</summary>
    public SubscribingOptions Subscribing { get; } = new();

    /// <summary>How many requests one client address may make.</summary>
    public RateLimitOptions RateLimit { get; } = new();

    /// <summary>How updates are delivered.</summary>
    public DeliveryOptions Delivery { get; } = new();

    /// <summary>How a subscriber's intent is verified.</summary>
    public VerificationOptions Verification { get; } = new();

    /// <summary>Who may publish what.</summary>
    public PublishingOptions Publishing { get; } = new();

    /// <summary>How much of each topic's log is kept.</summary>
    public HistoryOptions History { get; } = new();

    /// <summary>Event streams and history (<c>WebSub:Hub:Events</c>).</summary>
    public EventOptions Events { get; } = new();

    /// <summary>The predicate Subscriptions API.</summary>
    public PredicateOptions Predicates { get; } = new();

    /// <summary>What outbound requests may reach.</summary>
    public OutboundOptions Outbound { get; } = new();

    /// <summary>The keys of callers that may push content, read or administer, by name; a plain string is a key with all scopes.</summary>
    /// <value>Default: none, so that only local callers may.</value>
    public IDictionary<string, ApiKey> ApiKeys { get; } = new Dictionary<string, ApiKey>(StringComparer.Ordinal);

    /// <summary>Bearer tokens of an identity provider, beside keys (<c>WebSub:Administration:Jwt</c>).</summary>
    public JwtOptions Jwt { get; } = new();

    /// <summary>How long the audit log is kept, from when an action was carried out (<c>WebSub:Administration:AuditDays</c>).</summary>
    /// <value>Days. Default: 365.</value>
    public long AuditDays { get; set; } = 365;

    /// <summary>Whether callers on the hub's own machine need no key.</summary>
    /// <value>Default: <see cref="Hub.LocalCallers.Auto"/>.</value>
    public LocalCallers LocalCallers { get; set; } = LocalCallers.Auto;

    /// <summary>False leaves the host's clock uncorrected, for tests that control the time.</summary>
    internal bool FollowDatabaseClock { get; set; } = true;

    internal List<string> Faults { get; } = [];
}
