using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using WebSub.Storage;

namespace WebSub.Hub.Hosting;

/// <summary>This process: its name in claims, and the moment at which its background loops may start.</summary>
internal sealed class HubNode(INodeLife life, IOptions<HubOptions> options, HubClock time) : IDisposable
{
    /// <summary>The version of the hub, without the commit.</summary>
    public static string Version { get; } =
        typeof(HubNode).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

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

    /// <summary>True if this node verifies, fetches and delivers.</summary>
    public bool Delivers => Roles != HubRoles.Intake;

    /// <summary>True if this node answers at the hub's endpoints.</summary>
    public bool TakesIn => Roles != HubRoles.Delivery;

    /// <summary>When it began to take part.</summary>
    public DatabaseTime StartedAt { get; } = DatabaseTime.Now(time);

    /// <summary>What it does.</summary>
    public HubRoles Roles => options.Value.Roles;

    /// <summary>As <see cref="ReadyAsync"/>; never on a node that only takes in.</summary>
    public Task ReadyToDeliverAsync(CancellationToken cancellationToken) =>
        Delivers ? ReadyAsync(cancellationToken) : new TaskCompletionSource().Task.WaitAsync(cancellationToken);

    /// <summary>Completes when <see cref="Ready"/> is called.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);
}
