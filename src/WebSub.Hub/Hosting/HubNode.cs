using System.Security.Cryptography;

namespace WebSub.Hub.Hosting;

/// <summary>This process: its name in claims, and the moment from which its background loops may run.</summary>
internal sealed class HubNode(INodeLife life)
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Random, so that a restarted process is another node.</summary>
    public string Name { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <inheritdoc cref="INodeLife.IsSeen"/>
    public bool IsSeen => life.IsSeen;

    /// <summary>The database is ready and the server listens: what goes out from now on can be answered.</summary>
    public void Ready() => _ready.TrySetResult();

    /// <summary>Completes when <see cref="Ready"/> was called.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);
}
