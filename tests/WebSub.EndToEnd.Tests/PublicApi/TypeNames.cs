using System.Reflection;

namespace WebSub.EndToEnd.Tests.PublicApi;

/// <summary>Names types as C# writes them, with <c>?</c> where null is allowed.</summary>
internal static class TypeNames
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    public static string Of(PropertyInfo property) => Of(property.PropertyType, Create(() => Nullability.Create(property)));

    public static string Of(FieldInfo field) => Of(field.FieldType, Create(() => Nullability.Create(field)));

    public static string Of(ParameterInfo parameter) => Of(parameter.ParameterType, Create(() => Nullability.Create(parameter)));

    public static string Of(Type type) => Of(type, null);

    private static NullabilityInfo Create(Func<NullabilityInfo> read)
    {
        // The context is not safe for tests that run side by side.
        lock (Nullability)
            return read();
    }

    private static string Of(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!, nullability?.ElementType ?? nullability);
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Of(value, nullability) + "?";

        var mark = !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword + mark;
        if (type.IsGenericParameter)
            return type.Name + mark;

        var outer = type.DeclaringType is { } declaring ? Of(declaring, null) + "." : "";
        if (!type.IsGenericType)
            return outer + type.Name + mark;
        var arguments = type.GetGenericArguments();
        var inner = arguments.Select((a, i) => Of(a, nullability?.GenericTypeArguments.ElementAtOrDefault(i)));
        return $"{outer}{type.Name.Split('`')[0]}<{string.Join(", ", inner)}>{mark}";
    }
}
