using Microsoft.Extensions.Options;
using WebSub.Hub.Access;
using WebSub.Hub.Administration;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Secrets;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Startup;

/// <summary>
/// Prepares the database before the server listens, lets the background loops start once it does, and stores last what they counted.
/// </summary>
internal sealed class HubStart(
    HubNode node,
    INodeLife life,
    HubDatabase database,
    SecretBox secrets,
    IOptions<HubOptions> options,
    HubAddress address,
    CallerReader callers,
    DeliveryMinutes minutes,
    HubMetrics metrics,
    DeliveryMetrics deliveries,
    HubClock time,
    ILogger<HubStart> logger
) : IHostedLifecycleService
{
    private static readonly TimeSpan LastMinute = TimeSpan.FromSeconds(1);

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
        metrics.Begin();
        deliveries.Begin();
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
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(LastMinute, time);
        try
        {
            await minutes.StoreRestAsync(deadline.Token);
        }
#pragma warning disable CA1031 // Stopping goes on: a crash would lose the same numbers.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.LastMinuteNotStored(logger, FailureLog.ReasonOf(e));
        }
    }
}
