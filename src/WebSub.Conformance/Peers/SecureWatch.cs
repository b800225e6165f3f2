using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace WebSub.Conformance.Peers;

/// <summary>Looks at the first byte of each connection: one on which TLS begins is noted and closed, the others go on.</summary>
internal sealed class SecureWatch
{
    private const byte Handshake = 0x16;

    /// <summary>Called for each connection on which TLS begins.</summary>
    public Action OnHandshake { get; set; } = () => { };

    /// <summary>The connection's pipeline: this, then what speaks HTTP.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) =>
        async connection =>
        {
            // Connections that nothing comes on must not hold up the end of the server.
            var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
            using var over = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed, closing);
            try
            {
                var start = (await connection.Transport.Input.ReadAsync(over.Token).ConfigureAwait(false)).Buffer;
                var isSecure = !start.IsEmpty && start.FirstSpan[0] == Handshake;
                connection.Transport.Input.AdvanceTo(start.Start);
                if (isSecure)
                {
                    OnHandshake();
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await next(connection).ConfigureAwait(false);
        };
}
