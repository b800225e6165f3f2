using WebSub.Secrets;
using WebSub.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Storage;

/// <summary>
/// The subscriber's own database, prepared before its first use: when the host starts, or when an app subscribes before that.
/// </summary>
internal sealed class SubscriberDatabase(WebSubSubscriberOptions options, IServiceProvider? services = null) : IAsyncDisposable
{
    static SubscriberDatabase() => ColumnTypes.Add<SealedText, string>();

    private readonly SemaphoreSlim _migrating = new(1, 1);
    private Database? _database;
    private SecretBox? _secrets;
    private bool _isReady;

    /// <summary>
    /// True for a command that works beside a running app: it takes no lock on a SQLite file, and leaves the app's claims alone. To be set
    /// before the first use.
    /// </summary>
    public bool IsGuest { get; set; }

    public SqlDialect Dialect => Database.Dialect;

    public string Description => Database.Description;

    /// <summary>What this process writes into the claims it takes.</summary>
    public string ClaimOwner { get; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";

    /// <summary>The path prefix of new callbacks.</summary>
    public string CallbackPrefix { get; } = options.CallbackPrefix.Trim('/');

    /// <summary>Knows which callbacks have a path of their own.</summary>
    public CallbackUrls Callbacks { get; } = new(options);

    /// <summary>Seals secrets; available once the database is ready.</summary>
    public SecretBox Secrets => _secrets ??= new(Database, "WebSub.Subscriber", SealedText.AnySealed, services, options.KeyRing);

    // Created on first use, so that an invalid connection string is reported at start and not by the container.
    internal Database Database =>
        _database ??= Database.Create(
            new()
            {
                ConnectionString = options.ConnectionString,
                Provider = options.StorageProvider,
                CheckMegabytes = options.CheckMegabytes,
                Schema = options.Schema,
                TablePrefix = options.TablePrefix,
                SingleProcess = !IsGuest,
            }
        );

    public async Task<T> ReadAsync<T>(Func<DbSession, Task<T>> read, CancellationToken cancellationToken)
    {
        await EnsureReadyAsync(cancellationToken);
        return await Database.ReadAsync(read, cancellationToken);
    }

    public async Task<T> WriteAsync<T>(Func<DbSession, Task<T>> write, CancellationToken cancellationToken)
    {
        await EnsureReadyAsync(cancellationToken);
        return await Database.WriteAsync(write, cancellationToken);
    }

    public async ValueTask EnsureReadyAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _isReady))
            return;
        await _migrating.WaitAsync(cancellationToken);
        try
        {
            if (_isReady)
                return;
            await Database.PrepareAsync(typeof(SubscriberDatabase).Assembly, options.Migrate, cancellationToken);
            // On SQLite this is the only process (the file is locked), so every claim, and every sign of life, is one of a process that has
            // ended.
            if (Dialect == SqlDialect.Sqlite && !IsGuest)
                await Database.WriteAsync(ForgetOthersAsync, cancellationToken);
            await Secrets.OpenAsync(cancellationToken);
            Volatile.Write(ref _isReady, true);
        }
        finally
        {
            _migrating.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        _migrating.Dispose();
    }

    private static async Task ForgetOthersAsync(DbSession session)
    {
        await session.ExecuteAsync("delete from {processes}");
        await session.ExecuteAsync("update {subscriptions} set claimed_by = null, claimed_until = null where claimed_by is not null");
        await session.ExecuteAsync("update {inbox} set claimed_by = null, claimed_until = null where claimed_by is not null");
    }
}
