using System.Collections.Concurrent;
using System.Data;
using Dapper;

namespace WebSub.Storage;

/// <summary>
/// Parameters with truth values, for PostgreSQL. Both dialects store 0 and 1; SQLite converts a truth value by itself, but PostgreSQL does
/// not compare numbers with a <c>boolean</c>.
/// </summary>
internal sealed class StoredParameters : SqlMapper.IDynamicParameters
{
    private static readonly ConcurrentDictionary<Type, bool> HaveTruthValues = new();
    private readonly object _values;

    private StoredParameters(object values) => _values = values;

    /// <summary>
    /// What is passed to Dapper for an object with a property for each parameter: the object itself, unless one is a truth value.
    /// </summary>
    public static object? Of(object? values) =>
        values is not null && HaveTruthValues.GetOrAdd(values.GetType(), HasTruthValue) ? new StoredParameters(values) : values;

    /// <inheritdoc/>
    public void AddParameters(IDbCommand command, SqlMapper.Identity identity)
    {
        ((SqlMapper.IDynamicParameters)new DynamicParameters(_values)).AddParameters(command, identity);
        foreach (IDbDataParameter parameter in command.Parameters)
        {
            if (parameter.DbType != DbType.Boolean)
                continue;
            parameter.DbType = DbType.Int64;
            if (parameter.Value is bool value)
                parameter.Value = value ? 1L : 0L;
        }
    }

    private static bool HasTruthValue(Type type) =>
        type.GetProperties().Any(p => p.PropertyType == typeof(bool) || p.PropertyType == typeof(bool?));
}
