using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Publisher.Diagnostics;
using WebSub.Publisher.Storage;
using WebSub.Storage;

namespace WebSub.Publisher.Hosting;

/// <summary>This process: its name in claims, and the moment from which it may notify hubs.</summary>
internal sealed class PublisherNode(
    PublisherDatabase database,
    HubStore hubs,
    IOptions<WebSubPublisherOptions> options,
    ILogger<PublisherNode> logger
) : IHostedLifecycleService
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Random, so that a restarted process is another node.</summary>
    public string Name { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>Completes once the server is listening: a notified hub fetches the topic at once.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await database.Db.PrepareAsync(typeof(PublisherNode).Assembly, options.Value.Migrate, cancellationToken);
        StorageWatch.Begin(logger, database.Db);
        await hubs.LoadAsync(cancellationToken);
        Log.DatabaseOpened(logger, database.Db.Description);
        if (options.Value.PublicUrl is null)
            Log.NoPublicUrl(logger);
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _ready.TrySetResult();
        return Task.CompletedTask;
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
