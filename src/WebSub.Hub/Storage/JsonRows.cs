using System.Text.Json;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// Rows that a statement takes as its one parameter <c>@rows</c>, a JSON array of arrays: one text for any number of them, so the statement
/// stays prepared.
/// </summary>
internal static class JsonRows
{
    /// <summary>The parameter's rows as a table <c>v</c>.</summary>
    /// <param name="session">For its dialect.</param>
    /// <param name="columns">Names and types of the columns: <c>id bigint, callback text, secret bytea</c>.</param>
    public static string As(DbSession session, string columns)
    {
        var typed = columns.Split(", ").Select(c => c.Split(' '));
        return session.Dialect == SqlDialect.Sqlite
            ? $"(select {string.Join(", ", typed.Select((c, i) => $"{OnSqlite(c[1], i)} as {c[0]}"))} from json_each(@rows)) v"
            : $"(select {string.Join(", ", typed.Select((c, i) => $"{OnPostgreSql(c[1], i)} as {c[0]}"))} from jsonb_array_elements(@rows::jsonb)) v";
    }

    /// <summary>The parameter. A cell is a number, a text, bytes or null.</summary>
    public static string Of(IEnumerable<object?[]> rows) =>
        JsonSerializer.Serialize(rows.Select(row => row.Select(cell => cell is byte[] bytes ? Convert.ToHexStringLower(bytes) : cell)));

    private static string OnSqlite(string type, int index) => type == "bytea" ? $"unhex(value ->> {index})" : $"value ->> {index}";

    private static string OnPostgreSql(string type, int index) =>
        type == "bytea" ? $"decode(value ->> {index}, 'hex')" : $"(value ->> {index})::{type}";
}
