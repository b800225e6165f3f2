using System.Data.Common;
using Npgsql;

namespace WebSub.Storage;

/// <summary>PostgreSQL: a pooled connection and a transaction per write, retried when the server chose it as a deadlock victim.</summary>
internal sealed class PostgreSqlDatabase : Database
{
    private const int MaxAttempts = 4;

    /// <summary>
    /// A connection that only waits checks this often whether the server is still there: one that was cut off silently would wait
    /// indefinitely.
    /// </summary>
    private const int KeepAliveSeconds = 10;
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _lasting;

    public PostgreSqlDatabase(DatabaseOptions options)
        : base(options, SqlDialect.PostgreSql)
    {
        var builder = ConnectionStrings.ForNpgsql(options.ConnectionString);
        _source = CreateSource(builder.ConnectionString);
        builder.Pooling = false;
        builder.KeepAlive = KeepAliveSeconds;
        _lasting = CreateSource(builder.ConnectionString);
        Description = $"PostgreSQL {builder.Host}:{builder.Port}/{builder.Database}";
    }

    public override string Description { get; }

    private protected override Task<T> ReadOnAsync<T>(Func<DbSession, Task<T>> read, CancellationToken cancellationToken) =>
        PromptCancellation.RunAsync(token => ReadNowAsync(read, token), cancellationToken);

    private protected override Task<T> WriteOnAsync<T>(Func<DbSession, Task<T>> write, CancellationToken cancellationToken) =>
        PromptCancellation.RunAsync(token => WriteNowAsync(write, token), cancellationToken);

    public override Task NotifyAsync(string channel, string payload, CancellationToken cancellationToken) =>
        PromptCancellation.RunAsync(
            async token =>
            {
                await using var command = _source.CreateCommand("select pg_notify($1, $2)");
                command.Parameters.Add(new() { Value = channel });
                command.Parameters.Add(new() { Value = payload });
                return await command.ExecuteNonQueryAsync(token);
            },
            cancellationToken
        );

    public override async Task ListenAsync(string channel, Action<string> hear, CancellationToken cancellationToken)
    {
        await using var connection = await OpenLastingAsync(cancellationToken);
        connection.Notification += (_, e) => hear(e.Payload);
        await using (var command = connection.CreateCommand())
        {
#pragma warning disable CA2100 // The channel is one of our constants; LISTEN takes no parameter.
            command.CommandText = $"listen {channel}";
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
            await connection.WaitAsync(cancellationToken);
    }

    public override async Task HoldAsync(long key, Action<bool> held, CancellationToken cancellationToken)
    {
        await using var connection = await OpenLastingAsync(cancellationToken);
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "select pg_advisory_lock($1)";
            command.Parameters.Add(new() { Value = key });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        held(true);
        try
        {
            while (true)
                await connection.WaitAsync(cancellationToken);
        }
        finally
        {
            held(false);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _lasting.DisposeAsync();
        await _source.DisposeAsync();
    }

    internal override Task LockMigrationsAsync(DbSession session) => session.ExecuteAsync("select pg_advisory_xact_lock(7310577310)");

    private async Task<T> ReadNowAsync<T>(Func<DbSession, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        return await read(new(this, connection, null, cancellationToken));
    }

    private async Task<T> WriteNowAsync<T>(Func<DbSession, Task<T>> write, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var result = await write(new(this, connection, transaction, cancellationToken));
                await transaction.CommitAsync(cancellationToken);
                Written?.Invoke();
                return result;
            }
            catch (DbException e) when (IsTransient(e) && attempt < MaxAttempts)
            {
                // The server rolled this one back so that the other transaction could continue; now it is our turn.
            }
        }
    }

    /// <summary>
    /// We use PostgreSQL's own types only: reading the server's catalogue of all others would cost each start, and each test, a long query.
    /// </summary>
    private static NpgsqlDataSource CreateSource(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    /// <summary>
    /// A dedicated, long-lived connection. The server checks too whether we are there: otherwise it would keep the locks of a machine that
    /// lost its network for hours.
    /// </summary>
    private async Task<NpgsqlConnection> OpenLastingAsync(CancellationToken cancellationToken)
    {
        var connection = await _lasting.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3";
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
