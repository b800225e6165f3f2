using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using WebSub.Hub.Access;
using WebSub.Hub.Cluster;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Storage;
using WebSub.Secrets;
using WebSub.Storage;

namespace WebSub.Hub.Hosting;

/// <summary>This process: its name in claims, and the moment from which its background loops may run.</summary>
internal sealed class HubNode(
    HubDatabase database,
    SecretBox secrets,
    NodeLife life,
    IOptions<HubOptions> options,
    RequestStore requests,
    TopicStore topics,
    BehindStore behind,
    HubAddress address,
    CallerReader callers,
    HubClock time,
    ILogger<HubNode> logger
) : IHostedLifecycleService
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Random, so that a restarted process is another node.</summary>
    public string Name { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>
    /// False while other nodes must take this one for dead: then what it claims is theirs at once, and it claims nothing (rule 26).
    /// </summary>
    public bool IsSeen => life.IsSeen;

    /// <summary>Completes when the database is ready and the server listens: what goes out from now on can be answered.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Migrate)
            await database.Db.MigrateAsync(typeof(HubNode).Assembly, cancellationToken);
        Log.DatabaseOpened(logger, database.Db.Description);
        await secrets.OpenAsync(cancellationToken);
        await life.BeginAsync(Name, cancellationToken);
        if (database.Db.Dialect == SqlDialect.PostgreSql)
        {
            if (options.Value.FollowDatabaseClock)
                await ClockSync.MeasureAsync(database, time, logger, cancellationToken);
            return;
        }

        // One process has this file: what an earlier one had claimed is free (rule 27).
        var now = DatabaseTime.Now(time);
        await requests.FreeClaimsAsync(now, cancellationToken);
        await topics.FreeClaimsAsync(now, cancellationToken);
        await behind.FreeClaimsAsync(now.Microseconds, cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        address.Resolve();
        if (options.Value.PublicUrl is { IsLoopback: false } url)
            TellWhoIsLocal(url);
        _ready.TrySetResult();
        return Task.CompletedTask;
    }

    private void TellWhoIsLocal(Uri publicUrl)
    {
        if (callers.TrustsLocal)
            Log.LocalCallersTrusted(logger, publicUrl);
        else if (options.Value.LocalCallers == LocalCallers.Auto)
            Log.LocalCallersNeedKeys(logger, publicUrl);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
