namespace WebSub.Storage;

/// <summary>The data key that seals secrets (table <c>data_key</c>), and Data Protection's own keys (table <c>key_ring</c>).</summary>
internal sealed class KeyStore(Database database)
{
    /// <summary>Where the data key is, for the operator.</summary>
    public string DataKeyTable => database.Sql("{data_key}");

    /// <summary>The wrapped data key; null if there is none.</summary>
    public Task<byte[]?> ReadDataKeyAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.ScalarAsync<byte[]>("select wrapped from {data_key} where id = 1"), cancellationToken);

    /// <summary>
    /// Stores a wrapped data key if there is none and no secret is sealed. One statement: a node that sees secrets sealed by another node
    /// also sees that node's key when it reads again.
    /// </summary>
    /// <param name="wrapped">The key.</param>
    /// <param name="anySealed">A query that finds a row if any stored secret is sealed.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task AddDataKeyAsync(byte[] wrapped, string anySealed, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    $$"""
                    insert into {data_key} (id, wrapped) select 1, @wrapped where not exists ({{anySealed}}) on conflict (id) do nothing
                    """,
                    new { wrapped }
                ),
            cancellationToken
        );

    /// <summary>
    /// Stores the data key as another key ring has wrapped it, and removes Data Protection's own keys: from now on they are elsewhere.
    /// </summary>
    public Task MoveDataKeyAsync(byte[] wrapped, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("update {data_key} set wrapped = @wrapped where id = 1", new { wrapped });
                await session.ExecuteAsync("delete from {key_ring}");
            },
            cancellationToken
        );

    /// <summary>Data Protection's keys, as XML.</summary>
    public Task<IReadOnlyList<string>> ReadRingAsync() =>
        database.ReadAsync(session => session.QueryAsync<string>("select xml from {key_ring}"), CancellationToken.None);

    /// <summary>Stores one of Data Protection's keys.</summary>
    public Task SaveRingAsync(string name, string xml) =>
        database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    "insert into {key_ring} (name, xml) values (@name, @xml) on conflict (name) do update set xml = excluded.xml",
                    new { name, xml }
                ),
            CancellationToken.None
        );
}
