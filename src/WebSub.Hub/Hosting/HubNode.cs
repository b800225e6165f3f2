using System.Security.Cryptography;

namespace WebSub.Hub.Hosting;

/// <summary>This process: its name in claims, and the moment at which its background loops may start.</summary>
internal sealed class HubNode(INodeLife life)
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Random, so that a restarted process is a different node.</summary>
    public string Name { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <inheritdoc cref="INodeLife.IsSeen"/>
    public bool IsSeen => life.IsSeen;

    /// <summary>The database is ready and the server is listening, so that requests sent from now on can be answered.</summary>
    public void Ready() => _ready.TrySetResult();

    /// <summary>Completes when <see cref="Ready"/> is called.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);
}
