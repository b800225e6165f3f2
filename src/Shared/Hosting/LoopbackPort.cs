using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace WebSub.Hosting;

/// <summary>
/// A port of this machine, taken before the server that will use it is built, so that its URL is known beforehand and no other process can
/// take it: 127.0.0.1 first, then [::1] with the same number, because <c>localhost</c> is either. Compiled into each program that needs it.
/// </summary>
internal sealed class LoopbackPort : IDisposable
{
    private const int Tries = 20;
    private const int Backlog = 512;
    private readonly List<Socket> _sockets;

    private LoopbackPort(List<Socket> sockets) => _sockets = sockets;

    /// <summary>The port's number.</summary>
    public int Number => ((IPEndPoint)_sockets[0].LocalEndPoint!).Port;

    /// <summary><c>http://localhost:NUMBER</c>.</summary>
    public string Url => $"http://localhost:{Number}";

    /// <summary>Takes a port.</summary>
    /// <param name="number">Which one; 0 for any that is free.</param>
    /// <param name="allAddresses">True takes it on every address of the machine, not only on loopback.</param>
    /// <exception cref="SocketException">The port is in use, or not ours to take.</exception>
    public static LoopbackPort Take(int number = 0, bool allAddresses = false)
    {
        var (first, second) = allAddresses ? (IPAddress.Any, IPAddress.IPv6Any) : (IPAddress.Loopback, IPAddress.IPv6Loopback);
        for (var attempt = 1; ; attempt++)
        {
            var sockets = new List<Socket> { Bind(first, number) };
            try
            {
                sockets.Add(Bind(second, ((IPEndPoint)sockets[0].LocalEndPoint!).Port));
                return new(sockets);
            }
            catch (SocketException e)
                when (e.SocketErrorCode
                        is SocketError.AddressFamilyNotSupported
                            or SocketError.AddressNotAvailable
                            or SocketError.ProtocolNotSupported
                )
            {
                // A machine without IPv6.
                return new(sockets);
            }
            catch (SocketException) when (number == 0 && attempt < Tries)
            {
                // The number is free for IPv4 only; another one.
                sockets[0].Dispose();
            }
            catch
            {
                sockets[0].Dispose();
                throw;
            }
        }
    }

    /// <summary>Lets the server of this builder listen here, and nowhere else.</summary>
    public void UseFor(IWebHostBuilder builder) =>
        builder.ConfigureServices(services =>
        {
            services.Configure<KestrelServerOptions>(o =>
            {
                foreach (var socket in _sockets)
                    o.Listen(socket.LocalEndPoint!);
            });
            services.Configure<SocketTransportOptions>(o =>
                o.CreateBoundListenSocket = endPoint => _sockets.Find(s => s.LocalEndPoint!.Equals(endPoint))!
            );
        });

    /// <summary>Gives the port back; a server that uses it does so itself when it stops.</summary>
    public void Dispose() => _sockets.ForEach(s => s.Dispose());

    private static Socket Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Otherwise [::] would take the IPv4 port too.
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(new IPEndPoint(address, port));
            // Bound alone is not taken: two sockets may be, until one of them listens.
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
