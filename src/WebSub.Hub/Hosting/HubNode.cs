using System.Security.Cryptography;

namespace WebSub.Hub.Hosting;

/// <summary>This process: its name in claims, and the moment at which its background loops may start.</summary>
internal sealed class HubNode(INodeLife life) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Random, so that a restarted process is a different node.</summary>
    public string Name { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <inheritdoc cref="INodeLife.IsSeen"/>
    public bool IsSeen => life.IsSeen;

    /// <summary>The database is ready and the server is listening, so that requests sent from now on can be answered.</summary>
    public void Ready() => _ready.TrySetResult();

    /// <summary>
    /// Cancelled once the app begins to stop: all loops end at the same time, since each may have to wait for a database that is away.
    /// </summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>The app begins to stop.</summary>
    public Task StopAsync() => _stopping.CancelAsync();

    public void Dispose() => _stopping.Dispose();

    /// <summary>Completes when <see cref="Ready"/> is called.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);
}
