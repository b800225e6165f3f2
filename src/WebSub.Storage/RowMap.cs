using System.Reflection;
using Dapper;

namespace WebSub.Storage;

/// <summary>
/// Maps <c>snake_case</c> columns to properties for our own row types, without touching Dapper's global switch (the host app may use Dapper
/// too).
/// </summary>
internal static class RowMap<T>
{
    static RowMap()
    {
        var type = typeof(T);
        if (type.IsPrimitive || type == typeof(string) || type == typeof(byte[]) || Nullable.GetUnderlyingType(type) is not null)
            return;
        SqlMapper.SetTypeMap(type, new CustomPropertyTypeMap(type, Find!));
    }

    public static void Register()
    {
        // The static constructor has done it.
    }

    private static PropertyInfo? Find(Type type, string column) =>
        type.GetProperty(
            column.Replace("_", "", StringComparison.Ordinal),
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase
        );
}
