using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using WebSub.Storage;

namespace WebSub.TestSupport;

/// <summary>
/// Applies a component's migrations one after the other. Before each one every table gets a row; after it the rows must be as before, and
/// a row written by the version before must still fit: that version goes on running while nodes are replaced one by one.
/// </summary>
internal sealed class UpgradeRehearsal(Database database, Assembly component, string prefix)
{
    private readonly List<string> _faults = [];

    /// <summary>The names of the migrations, in order.</summary>
    public IReadOnlyList<string> Names => [.. Scripts().Select(s => s.Name)];

    /// <summary>Applies all of them, and says what each one took from the version before.</summary>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        var step = 0;
        foreach (var (name, sql) in Scripts())
        {
            var before = await TablesAsync();
            foreach (var table in before)
                await InsertAsync(table, seed: 1000 + step);
            var rows = await SnapshotAsync(before);
            await ApplyAsync(name, sql);
            await CompareAsync(name, before, rows, seed: 2000 + step++);
        }

        return _faults;
    }

    /// <summary>Applies those up to this one.</summary>
    public async Task ApplyThroughAsync(string last)
    {
        foreach (var (name, sql) in Scripts().TakeWhile(s => string.CompareOrdinal(s.Name, last) <= 0))
            await ApplyAsync(name, sql);
    }

    private async Task CompareAsync(string migration, IReadOnlyList<Table> before, IReadOnlyList<IReadOnlyList<string>> rows, int seed)
    {
        var after = (await TablesAsync()).ToDictionary(t => t.Name);
        foreach (var (table, old) in before.Zip(rows))
        {
            if (!after.TryGetValue(table.Name, out var now))
            {
                _faults.Add($"{migration}: the table {table.Name} is gone");
                continue;
            }

            var gone = table.Columns.Where(c => !now.Columns.Contains(c)).ToList();
            _faults.AddRange(gone.Select(c => $"{migration}: {table.Name}.{c.Name} is gone or of another type"));
            if (gone.Count > 0)
                continue;
            if (!old.SequenceEqual(await RowsAsync(table)))
                _faults.Add($"{migration}: {table.Name} has other rows than before");
            try
            {
                await InsertAsync(table, seed);
            }
            catch (System.Data.Common.DbException e)
            {
                _faults.Add($"{migration}: the version before cannot write to {table.Name}: {e.Message}");
            }
        }
    }

    private async Task<IReadOnlyList<IReadOnlyList<string>>> SnapshotAsync(IReadOnlyList<Table> tables)
    {
        var all = new List<IReadOnlyList<string>>();
        foreach (var table in tables)
            all.Add(await RowsAsync(table));
        return all;
    }

    private Task<IReadOnlyList<string>> RowsAsync(Table table) =>
        database.ReadAsync(
            session =>
                session.ReadAsync(
                    $"select {string.Join(", ", table.Columns.Select(c => c.Name))} from {table.Name} order by 1, 2",
                    null,
                    row => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(i => Shown(row.GetValue(i))))
                ),
            default
        );

    private Task InsertAsync(Table table, int seed) =>
        database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    $"insert into {table.Name} ({string.Join(", ", table.Columns.Select(c => c.Name))}) "
                        + session.Pick("", "overriding system value ")
                        + $"values ({string.Join(", ", table.Columns.Select(c => Literal(c, seed)))})"
                ),
            default
        );

    private Task ApplyAsync(string name, string sql) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("create table if not exists {migrations} (name text primary key, checksum text not null)");
                await session.ExecuteAsync(sql);
                return await session.ExecuteAsync(
                    "insert into {migrations} (name, checksum) values (@name, @checksum)",
                    new { name, checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql.ReplaceLineEndings("\n")))) }
                );
            },
            default
        );

    // The one that others refer to comes first.
    private async Task<IReadOnlyList<Table>> TablesAsync()
    {
        var names = await database.ReadAsync(
            session =>
                session.QueryAsync<string>(
                    session.Pick(
                        "select name from sqlite_master where type = 'table'",
                        "select table_name from information_schema.tables where table_schema = current_schema()"
                    )
                ),
            default
        );
        var tables = new List<Table>();
        foreach (var name in names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && n != prefix + "migrations"))
            tables.Add(new(name, await ColumnsAsync(name)));
        return [.. tables.OrderBy(t => t.Name != prefix + "subscriptions").ThenBy(t => t.Name, StringComparer.Ordinal)];
    }

    private Task<IReadOnlyList<Column>> ColumnsAsync(string table) =>
        database.ReadAsync(
            session =>
                session.ReadAsync(
                    session.Pick(
                        "select name, type from pragma_table_xinfo(@table) where hidden = 0 order by cid",
                        "select column_name, data_type from information_schema.columns where table_schema = current_schema() "
                            + "and table_name = @table and is_generated = 'NEVER' order by ordinal_position"
                    ),
                    new { table },
                    row => new Column(row.GetString(0), row.GetString(1).ToUpperInvariant())
                ),
            default
        );

    private static string Literal(Column column, int seed) =>
        column.Type switch
        {
            "TEXT" when column.Name.EndsWith("id", StringComparison.Ordinal) => $"'id {seed}'",
            "TEXT" => $"'{column.Name} {seed}'",
            "BLOB" => $"x'{seed:x8}'",
            "BYTEA" => $@"'\x{seed:x8}'",
            _ => seed.ToString(CultureInfo.InvariantCulture),
        };

    private static string Shown(object value) =>
        value is byte[] bytes ? Convert.ToHexStringLower(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private IEnumerable<(string Name, string Sql)> Scripts()
    {
        var folder = $".Storage.Migrations.{database.Dialect}.";
        return component
            .GetManifestResourceNames()
            .Where(r => r.Contains(folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(r =>
            {
                using var reader = new StreamReader(component.GetManifestResourceStream(r)!);
                return (r[(r.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..^".sql".Length], reader.ReadToEnd());
            });
    }

    private sealed record Table(string Name, IReadOnlyList<Column> Columns);

    private sealed record Column(string Name, string Type);
}
