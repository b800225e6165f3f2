using WebSub.Http;
using WebSub.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber;

/// <summary>The settings of a subscriber: section <c>WebSub:Subscriber</c>, then any changes made in code.</summary>
public sealed class WebSubSubscriberOptions
{
    /// <summary>
    /// Stands for the public URL of the tunnel to this app (ngrok, cloudflared, dev tunnels), which is looked for at start: the setting
    /// <c>auto</c>. For development.
    /// </summary>
    public static Uri AutoPublicUrl { get; } = new("auto", UriKind.Relative);

    /// <summary>The URL at which hubs reach this app, including any path. Required, unless <see cref="Role"/> is workers only.</summary>
    /// <value>An absolute http or https URL, or <see cref="AutoPublicUrl"/>.</value>
    public Uri? PublicUrl { get; set; }

    /// <summary>
    /// What this process does, of several that share a PostgreSQL database: answer hubs, run queued handlers, or both.
    /// </summary>
    /// <value>Default: <see cref="WebSubSubscriberRole.All"/>.</value>
    public WebSubSubscriberRole Role { get; set; } = WebSubSubscriberRole.All;

    /// <summary>The path under which callbacks are mapped; callback URLs are <c>{PublicUrl}{CallbackPrefix}/{handler}/{key}</c>.</summary>
    /// <value>Default: <c>/websub</c>.</value>
    public string CallbackPrefix { get; set; } = "/websub";

    /// <summary>
    /// What happens to subscriptions whose callback URL has changed since they were created (public URL, prefix or handler name). True
    /// requests them again with the new URL, and the old one keeps answering until that is confirmed; false leaves them and logs a warning.
    /// </summary>
    /// <value>Default: true.</value>
    public bool AutofixUrls { get; set; } = true;

    /// <summary>
    /// How long a callback that has been replaced (public URL, prefix, handler name or a fresh key) goes on being answered, at most to the
    /// end of its lease; then it is unsubscribed. A hub that could not deliver while the app was down tries again there.
    /// </summary>
    /// <value>Default: a day.</value>
    public TimeSpan CallbackGrace { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// True trusts <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> on callbacks, so that HTTPS redirection and <c>RequireHost</c>
    /// let through what a proxy forwards. Use it only behind a proxy that sets them; apps with the forwarded headers middleware do not need
    /// it.
    /// </summary>
    /// <value>Default: false.</value>
    public bool TrustForwardedHeaders { get; set; }

    /// <summary>The hub for topics given without one.</summary>
    /// <value>Default: none.</value>
    public Uri? DefaultHub { get; set; }

    /// <summary>
    /// True asks a hub that is named with http at its https address first, and at the given one if that fails. What answers there may be
    /// another server, so this is for apps that know their hubs.
    /// </summary>
    /// <value>Default: false.</value>
    public bool PreferHttps { get; set; }

    /// <summary>The lease to request, in seconds, where the subscription does not say.</summary>
    /// <value>Default: none, the hub decides.</value>
    public long? LeaseSeconds { get; set; }

    /// <summary>
    /// How many times the lease that was requested a hub may grant; of a longer one, only that much counts, so that the renewal is not put
    /// off for years. Where no lease was requested, ten days count as requested.
    /// </summary>
    /// <value>1 to 1000. Default: 10.</value>
    public double MaxLeaseFactor { get; set; } = 10;

    /// <summary>The fraction of the hub's lease that may pass before the subscription is renewed, ±5 %.</summary>
    /// <value>0.1 to 0.95. Default: 0.75.</value>
    public double RenewAtFraction { get; set; } = 0.75;

    /// <summary>The most renewals per second that one hub gets.</summary>
    /// <value>Default: 5.</value>
    public int RenewalsPerHubPerSecond { get; set; } = 5;

    /// <summary>How failed requests to a hub are retried.</summary>
    public WebSubRetryOptions Retry { get; } = new();

    /// <summary>How long a hub has to verify a request it accepted.</summary>
    /// <value>Default: 60 seconds.</value>
    public TimeSpan VerifyWait { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The largest delivery accepted; larger ones are answered 413.</summary>
    /// <value>Bytes. Default: 4 MiB.</value>
    public long MaxBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// The most bytes in memory for deliveries that arrive, over all callbacks. Each counts twice, since it is put together from pieces;
    /// one subscription may use a quarter. Further ones wait, and what has not arrived within a minute is answered 503, which hubs repeat.
    /// </summary>
    /// <value>Bytes. Default: 67108864 (64 MiB).</value>
    public long MaxBytesInFlight { get; set; } = 64L * 1024 * 1024;

    /// <summary>
    /// The response status for a delivery whose signature is missing or wrong. Such a delivery is never handled, whatever the status.
    /// </summary>
    /// <value>200 to 499. Default: 403.</value>
    public int BadSignatureStatus { get; set; } = 403;

    /// <summary>True unsubscribes all subscriptions when the app stops, while it still answers verifications.</summary>
    /// <value>Default: false.</value>
    public bool UnsubscribeOnShutdown { get; set; }

    /// <summary>
    /// How many days the row of a subscription that has ended, was denied or has failed is kept; one that is declared stays
    /// as long as it is.
    /// </summary>
    /// <value>0 keeps them for ever. Default: 30.</value>
    public int KeepEndedDays { get; set; } = 30;

    /// <summary>How long unsubscribing at shutdown may take.</summary>
    /// <value>Default: 20 seconds.</value>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How stored notifications are passed to handlers.</summary>
    public WebSubInboxOptions Inbox { get; } = new();

    /// <summary>How hubs that have fallen silent are noticed, and what is done about them.</summary>
    public WebSubHealthOptions Health { get; } = new();

    /// <summary>What outbound requests may reach (section <c>WebSub:Outbound</c>).</summary>
    public OutboundOptions Outbound { get; } = new();

    /// <summary>The database: <c>ConnectionStrings:WebSubSubscriber</c>.</summary>
    /// <value>
    /// A SQLite or PostgreSQL connection string, or a <c>postgres://</c> address. Default: <c>Data Source=websub-subscriber.db</c>.
    /// </value>
    public string ConnectionString { get; set; } = "Data Source=websub-subscriber.db";

    /// <summary>The kind of database (<c>WebSub:Storage:Provider</c>).</summary>
    /// <value>Default: inferred from the connection string.</value>
    public SqlDialect? StorageProvider { get; set; }

    /// <summary>
    /// Whether the subscriber migrates its tables to the newest version at start (<c>WebSub:Storage:Migrate</c>). If not, it checks at
    /// start that they are up to date.
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

    /// <summary>The PostgreSQL schema of the tables.</summary>
    /// <value>Default: that of the connection.</value>
    public string? Schema { get; set; }

    /// <summary>The prefix of every table name.</summary>
    /// <value>Default: <c>websub_subscriber_</c>.</value>
    public string TablePrefix { get; set; } = "websub_subscriber_";

    /// <summary>
    /// Subscriptions that must exist while the app runs; created at start (setting <c>Subscriptions</c> and <c>AddSubscription</c>).
    /// </summary>
    public IList<WebSubDeclaredSubscription> Subscriptions { get; } = [];

    /// <summary>Callbacks that hubs were told of by other means (<c>AddCallback</c>).</summary>
    internal List<KnownCallback> KnownCallbacks { get; } = [];

    /// <summary>What could not be read from the configuration.</summary>
    internal List<string> Faults { get; } = [];
}
