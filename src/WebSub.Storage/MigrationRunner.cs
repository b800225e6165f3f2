using System.Data.Common;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace WebSub.Storage;

/// <summary>
/// Applies the embedded scripts <c>Storage/Migrations/{Sqlite|PostgreSql}/NNNN_name.sql</c> of an assembly in their order, each once, all
/// in one transaction under a lock. A script never changes once released: its checksum is kept.
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

    private async Task ApplyAsync(DbSession session, IReadOnlyList<(string Name, string Sql)> scripts)
    {
        await database.LockMigrationsAsync(session);
        await session.ExecuteAsync("create table if not exists {migrations} (name text primary key, checksum text not null)");
        var applied = (await session.QueryAsync<MigrationRow>("select name, checksum from {migrations}")).ToDictionary(
            r => r.Name,
            r => r.Checksum
        );
        foreach (var (name, sql) in scripts)
        {
            var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql.ReplaceLineEndings("\n"))));
            if (applied.TryGetValue(name, out var known))
            {
                if (known == checksum)
                    continue;
                throw new DatabaseException(
                    $"The migration {name} in {database.Description} was applied with another text than this version has. Do not edit released migrations."
                );
            }

            await session.ExecuteAsync(sql);
            await session.ExecuteAsync("insert into {migrations} (name, checksum) values (@name, @checksum)", new { name, checksum });
        }

        if (applied.Keys.Except(scripts.Select(s => s.Name)).FirstOrDefault() is { } unknown)
        {
            throw new DatabaseException(
                $"The database {database.Description} was migrated by a newer version (it has {unknown}). Start that version, or restore a backup."
            );
        }
    }

    private List<(string Name, string Sql)> Scripts(Assembly assembly)
    {
        var folder = $".Storage.Migrations.{database.Dialect}.";
        var result = new List<(string, string)>();
        foreach (
            var resource in assembly
                .GetManifestResourceNames()
                .Where(r => r.Contains(folder, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = resource[(resource.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..^".sql".Length];
            result.Add((name, reader.ReadToEnd()));
        }

        return result;
    }
}
