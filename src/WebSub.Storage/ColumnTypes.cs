using System.Data;
using Dapper;

namespace WebSub.Storage;

/// <summary>
/// The types that rows and parameters may have in addition to the database's. All are our own: the host app may use Dapper too.
/// </summary>
internal static class ColumnTypes
{
    static ColumnTypes() => Add<DatabaseTime, long>();

    /// <summary>Registers a type; repeating it is harmless.</summary>
    public static void Add<T, TStored>()
        where T : struct, IColumnValue<T, TStored>
        where TStored : notnull => SqlMapper.AddTypeHandler(typeof(T), new Handler<T, TStored>());

    /// <summary>Registers the types of this package.</summary>
    internal static void AddOwn()
    {
        // The static constructor has done it.
    }

    private sealed class Handler<T, TStored> : SqlMapper.ITypeHandler
        where T : struct, IColumnValue<T, TStored>
        where TStored : notnull
    {
        private static readonly DbType Type =
            typeof(TStored) == typeof(long) ? DbType.Int64
            : typeof(TStored) == typeof(string) ? DbType.String
            : DbType.Binary;

        // Set for null, too: PostgreSQL must know the type of what is compared with it.
        public void SetValue(IDbDataParameter parameter, object value)
        {
            parameter.DbType = Type;
            parameter.Value = value is T own ? (object)own.Stored : DBNull.Value;
        }

        public object Parse(Type destinationType, object value) => T.FromStored((TStored)value);
    }
}
