using System.Net;
using System.Net.Sockets;

namespace WebSub.Http;

/// <summary>
/// Connects to a host that has several addresses (RFC 8305): each is tried as soon as the one before it has failed or had its head start,
/// and the first that answers wins. A dead address so costs a fraction of a second.
/// </summary>
/// <param name="timeout">How long it may take in all.</param>
/// <param name="time">The clock.</param>
/// <param name="connect">Makes one connection; ends with a <see cref="SocketException"/> if that fails.</param>
internal sealed class AddressRace(TimeSpan timeout, TimeProvider time, Func<IPEndPoint, CancellationToken, Task<Stream>> connect)
{
    /// <summary>How long an address is tried alone.</summary>
    public static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);

    /// <summary>The most addresses that are tried: whoever owns a name may give it any number.</summary>
    public const int MaxAddresses = 12;

    /// <summary>The first connection that is made.</summary>
    /// <exception cref="SocketException">None was; the message says what became of each address.</exception>
    public async Task<Stream> RunAsync(IEnumerable<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var waiting = new Queue<IPEndPoint>(InTurns(addresses).Take(MaxAddresses).Select(a => new IPEndPoint(a, port)));
        var running = new Dictionary<Task<Stream>, IPEndPoint>();
        var faults = new List<string>();
        var error = SocketError.TimedOut;
        try
        {
            while (true)
            {
                if (!over.IsCancellationRequested && waiting.TryDequeue(out var next))
                    running.Add(connect(next, over.Token), next);
                if (running.Count == 0)
                    break;
                if (await FirstAsync(running.Keys, waiting.Count > 0, over.Token).ConfigureAwait(false) is not { } first)
                    continue;

                running.Remove(first, out var tried);
                try
                {
                    return await first.ConfigureAwait(false);
                }
                catch (SocketException e)
                {
                    error = e.SocketErrorCode;
                    faults.Add($"{tried}: {e.Message}");
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    error = SocketError.TimedOut;
                    faults.Add($"{tried}: no connection within {timeout.TotalSeconds:0.#} s");
                }
            }
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            foreach (var late in running.Keys)
                _ = DropAsync(late);
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new SocketException((int)error, string.Join("; ", faults));
    }

    /// <summary>The attempt that ends first; null if another one is to be started before that.</summary>
    private async Task<Task<Stream>?> FirstAsync(IEnumerable<Task<Stream>> running, bool more, CancellationToken over)
    {
        var any = Task.WhenAny(running);
        if (!more)
            return await any.ConfigureAwait(false);
        var first = await Task.WhenAny(any, Task.Delay(HeadStart, time, over)).ConfigureAwait(false);
        return first == any ? await any.ConfigureAwait(false) : null;
    }

    /// <summary>One of each family in turn, beginning with the one that the resolver prefers.</summary>
    private static IEnumerable<IPAddress> InTurns(IEnumerable<IPAddress> addresses)
    {
        var all = addresses.ToList();
        if (all.Count == 0)
            return all;
        var preferred = all.Where(a => a.AddressFamily == all[0].AddressFamily).ToList();
        var others = all.Where(a => a.AddressFamily != all[0].AddressFamily).ToList();
        var turns = Math.Min(preferred.Count, others.Count);
        return
        [
            .. Enumerable.Range(0, turns).SelectMany(i => new[] { preferred[i], others[i] }),
            .. preferred.Skip(turns),
            .. others.Skip(turns),
        ];
    }

    /// <summary>An attempt that lost may still have connected.</summary>
    private static async Task DropAsync(Task<Stream> late)
    {
        try
        {
            await (await late.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // It was to be given up anyway.
        }
    }
}
