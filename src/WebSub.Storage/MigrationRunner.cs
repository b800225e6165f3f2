using System.Data.Common;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace WebSub.Storage;

/// <summary>
/// Applies the embedded scripts <c>Storage/Migrations/{Sqlite|PostgreSql}/NNNN_name.sql</c> of an assembly in order, each once, all in one
/// transaction under a lock. A script must never change once released: its checksum is kept.
/// </summary>
internal sealed class MigrationRunner(Database database)
{
    public async Task RunAsync(Assembly assembly, CancellationToken cancellationToken)
    {
        var scripts = Scripts(assembly);
        try
        {
            await database.WriteAsync(session => ApplyAsync(session, scripts), cancellationToken);
        }
        catch (DbException e)
        {
            throw new DatabaseException($"The database {database.Description} cannot be prepared: {e.Message}", e);
        }
    }

    /// <summary>Changes nothing; fails if the scripts of the assembly are not exactly those that were applied.</summary>
    public async Task CheckAsync(Assembly assembly, CancellationToken cancellationToken)
    {
        var missing = await FindMissingAsync(assembly, cancellationToken);
        if (missing.Count > 0)
        {
            throw new DatabaseException(
                $"The database {database.Description} lacks the migrations {string.Join(", ", missing)}, and "
                    + "WebSub:Storage:Migrate is false. Set it to true for one start, with a user who may create tables."
            );
        }
    }

    /// <summary>Changes nothing; the names of the scripts that a migration would apply, in order.</summary>
    public async Task<IReadOnlyList<string>> FindMissingAsync(Assembly assembly, CancellationToken cancellationToken)
    {
        var scripts = Scripts(assembly);
        try
        {
            var applied = await database.ReadAsync(ReadAppliedAsync, cancellationToken);
            return [.. Missing(scripts, applied).Select(s => s.Name)];
        }
        catch (DbException e)
        {
            throw new DatabaseException($"The database {database.Description} cannot be read: {e.Message}", e);
        }
    }

    private async Task ApplyAsync(DbSession session, IReadOnlyList<Script> scripts)
    {
        await database.LockMigrationsAsync(session);
        await session.ExecuteAsync("create table if not exists {migrations} (name text primary key, checksum text not null)");
        foreach (var script in Missing(scripts, await ReadAppliedAsync(session)))
        {
            await session.ExecuteAsync(script.Sql);
            await session.ExecuteAsync("insert into {migrations} (name, checksum) values (@Name, @Checksum)", script);
        }
    }

    private async Task<Dictionary<string, string>> ReadAppliedAsync(DbSession session)
    {
        var exists = await session.ScalarAsync<bool>(
            session.Pick("select count(*) from sqlite_master where name = @table", "select to_regclass(@table) is not null"),
            new { table = database.Sql("{migrations}") }
        );
        return exists
            ? (await session.QueryAsync<MigrationRow>("select name, checksum from {migrations}")).ToDictionary(r => r.Name, r => r.Checksum)
            : [];
    }

    /// <summary>The scripts that have not been applied yet, in order.</summary>
    /// <exception cref="DatabaseException">
    /// A script was applied with a different text, or one was applied that this version does not have.
    /// </exception>
    private List<Script> Missing(IReadOnlyList<Script> scripts, Dictionary<string, string> applied)
    {
        var missing = new List<Script>();
        foreach (var script in scripts)
        {
            if (!applied.TryGetValue(script.Name, out var known))
                missing.Add(script);
            else if (known != script.Checksum)
            {
                throw new DatabaseException(
                    $"The migration {script.Name} in {database.Description} was applied with a text that differs from this version's. "
                        + "Do not edit released migrations."
                );
            }
        }

        if (applied.Keys.Except(scripts.Select(s => s.Name)).FirstOrDefault() is { } unknown)
        {
            throw new DatabaseException(
                $"The database {database.Description} was migrated by a newer version (it has {unknown}). "
                    + "Start that version, or restore a backup."
            );
        }

        return missing;
    }

    private List<Script> Scripts(Assembly assembly)
    {
        var folder = $".Storage.Migrations.{database.Dialect}.";
        var result = new List<Script>();
        foreach (
            var resource in assembly
                .GetManifestResourceNames()
                .Where(r => r.Contains(folder, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = resource[(resource.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..^".sql".Length];
            result.Add(new(name, reader.ReadToEnd()));
        }

        return result;
    }

    private sealed record Script(string Name, string Sql)
    {
        public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));
    }
}
