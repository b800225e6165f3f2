using System.Net;
using System.Net.Sockets;

namespace WebSub.LoadTests.Faults;

/// <summary>
/// The network between a node and the database: passes bytes on, or, where it is cut, swallows them without a word, as a broken switch
/// does. Connections that lived through a cut are closed when it heals, since bytes are missing in them.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Task _accepting;
    private CancellationTokenSource _connections = new();
    private volatile bool _dropsRequests;
    private volatile bool _dropsAnswers;

    private TcpProxy(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public static TcpProxy Start(int target) => new(target);

    /// <summary>Cuts one direction, or both.</summary>
    public void Cut(bool requests, bool answers) => (_dropsRequests, _dropsAnswers) = (requests, answers);

    /// <summary>Passes bytes on again, in new connections.</summary>
    public async Task HealAsync()
    {
        // First those that miss something, so that nothing more reaches their ends; then those that were made until it healed.
        await CloseAsync();
        Cut(requests: false, answers: false);
        await CloseAsync();
    }

    private async Task CloseAsync()
    {
        var broken = Interlocked.Exchange(ref _connections, new());
        await broken.CancelAsync();
        broken.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _connections.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
        _connections.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
                _ = PassAsync(await _listener.AcceptTcpClientAsync(_stop.Token), _connections.Token);
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task PassAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target, cancellationToken);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(
                CopyAsync(near.GetStream(), far.GetStream(), () => _dropsRequests, either.Token),
                CopyAsync(far.GetStream(), near.GetStream(), () => _dropsAnswers, either.Token)
            );
            await either.CancelAsync();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The database is down, or the connection is to end.
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Func<bool> isCut, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                if (!isCut())
                    await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            // Who is cut off does not hear that the other side has gone either.
            if (isCut())
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Either side has gone.
        }
    }
}
