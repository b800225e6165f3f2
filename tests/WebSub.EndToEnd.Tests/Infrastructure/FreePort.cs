using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>
/// Ports that no test gets twice, outside the range from which the system takes ports for clients: a program that is started again finds
/// its own still free.
/// </summary>
internal static class FreePort
{
    private static readonly ConcurrentDictionary<int, bool> Taken = new();

    public static int Next()
    {
        while (true)
        {
#pragma warning disable CA5394 // A port is no secret.
            var port = Random.Shared.Next(15_000, 32_000);
#pragma warning restore CA5394
            if (Taken.TryAdd(port, true) && IsFree(port))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
