using System.Globalization;
using WebSub.Storage;

namespace WebSub.Subscriber.Storage;

/// <summary>
/// What commands tell a running app: a number that they raise after a change of its rows, and that the app writes back. On PostgreSQL a
/// <c>NOTIFY</c> goes with it; on SQLite, which has none, the app looks at the number.
/// </summary>
internal sealed class SignalStore(SubscriberDatabase database)
{
    private const string Channel = "websub_subscriber_signal";

    /// <summary>Tells the running app that rows have changed; returns the number that it will write back.</summary>
    public Task<long> RaiseAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                var number = await session.ScalarAsync<long>("update {signals} set asked = asked + 1 where id = 1 returning asked");
                if (session.Dialect == SqlDialect.PostgreSql)
                {
                    // Sent by the server with the commit.
                    await session.ExecuteAsync(
                        "select pg_notify(@channel, @payload)",
                        new { channel = Channel, payload = number.ToString(CultureInfo.InvariantCulture) }
                    );
                }

                return number;
            },
            cancellationToken
        );

    /// <summary>The number that commands have reached.</summary>
    public Task<long> AskedAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.ScalarAsync<long>("select asked from {signals} where id = 1"), cancellationToken);

    /// <summary>The number that a running app has seen.</summary>
    public Task<long> SeenAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.ScalarAsync<long>("select seen from {signals} where id = 1"), cancellationToken);

    /// <summary>A running app has seen this number.</summary>
    public Task<int> AnswerAsync(long number, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.ExecuteAsync("update {signals} set seen = @number where id = 1 and seen < @number", new { number }),
            cancellationToken
        );

    /// <summary>Tells other processes of new work.</summary>
    public Task TellAsync(PeerNotice notice, CancellationToken cancellationToken) =>
        database.Database.NotifyAsync(Channel, $"{notice} {database.ClaimOwner}", cancellationToken);

    /// <summary>Calls back at each signal on PostgreSQL until cancelled or the connection breaks; on SQLite it returns at once.</summary>
    /// <param name="hear">Called with what another process tells, or null for a command's signal; must not block.</param>
    /// <param name="cancellationToken">Ends listening.</param>
    public Task ListenAsync(Action<PeerNotice?> hear, CancellationToken cancellationToken) =>
        database.Database.ListenAsync(Channel, payload => Read(payload, hear), cancellationToken);

    private void Read(string payload, Action<PeerNotice?> hear)
    {
        var words = payload.Split(' ', 2);
        if (words.Length == 1)
            hear(null);
        else if (words[1] != database.ClaimOwner && Enum.TryParse<PeerNotice>(words[0], out var notice))
            hear(notice);
    }
}
