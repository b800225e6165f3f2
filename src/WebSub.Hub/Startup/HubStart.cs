using Microsoft.Extensions.Options;
using WebSub.Hub.Access;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Secrets;
using WebSub.Storage;

namespace WebSub.Hub.Startup;

/// <summary>Prepares the database before the server listens, and lets the background loops start once it does.</summary>
internal sealed class HubStart(
    HubNode node,
    INodeLife life,
    HubDatabase database,
    SecretBox secrets,
    IOptions<HubOptions> options,
    HubAddress address,
    CallerReader callers,
    ILogger<HubStart> logger
) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await database.Db.PrepareAsync(typeof(HubStart).Assembly, options.Value.Migrate, cancellationToken);
        Log.DatabaseOpened(logger, database.Db.Description);
        await secrets.OpenAsync(cancellationToken);
        StorageWatch.Begin(logger, database.Db, secrets.Files);
        await life.BeginAsync(node.Name, cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        address.Resolve();
        if (options.Value.PublicUrl is { IsLoopback: false } url)
            SayWhoIsLocal(url);
        node.Ready();
        return Task.CompletedTask;
    }

    private void SayWhoIsLocal(Uri publicUrl)
    {
        if (callers.TrustsLocal)
            Log.LocalCallersTrusted(logger, publicUrl);
        else if (options.Value.LocalCallers == LocalCallers.Auto)
            Log.LocalCallersNeedKeys(logger, publicUrl);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => node.StopAsync();

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
