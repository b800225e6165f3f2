using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace WebSub.EndToEnd.Tests.PublicApi;

/// <summary>
/// Writes an assembly's public surface as text, in an order that only changes with it: what a review compares. What the compiler adds to
/// records and what overrides <see cref="object"/> is left out.
/// </summary>
internal static class PublicApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var space in assembly.GetExportedTypes().GroupBy(t => t.Namespace ?? "").OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"namespace {space.Key}\n");
            foreach (var type in space.OrderBy(t => TypeNames.Of(t), StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"  {Header(type)}\n");
                foreach (var member in Members(type))
                    text.Append(CultureInfo.InvariantCulture, $"    {member}\n");
            }
        }

        return text.ToString();
    }

    private static string Header(Type type)
    {
        var parents = new List<string>();
        if (!type.IsValueType && type.BaseType is { } parent && parent != typeof(object) && !IsDelegate(type))
            parents.Add(TypeNames.Of(parent));
        if (!type.IsEnum)
            parents.AddRange(Interfaces(type).Select(TypeNames.Of).Order(StringComparer.Ordinal));
        return $"{Kind(type)} {TypeNames.Of(type)}{(parents.Count > 0 ? " : " + string.Join(", ", parents) : "")}";
    }

    // A record's IEquatable<itself> says nothing that "record" does not.
    private static IEnumerable<Type> Interfaces(Type type)
    {
        if (IsDelegate(type))
            return [];
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        return type.GetInterfaces().Where(i => i.IsVisible && !inherited.Contains(i) && i != typeof(IEquatable<>).MakeGenericType(type));
    }

    private static string Kind(Type type)
    {
        if (IsDelegate(type))
            return "delegate";
        if (type.IsEnum)
            return "enum";
        if (type.IsInterface)
            return "interface";
        var record = type.GetMethod("PrintMembers", Declared) is not null ? "record " : "";
        if (type.IsValueType)
            return $"{(type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false) ? "readonly " : "")}{record}struct";
        var modifier = (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => "static ",
            (true, false) => "abstract ",
            (false, true) => "sealed ",
            _ => "",
        };
        return $"{modifier}{(record.Length > 0 ? "record" : "class")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (IsDelegate(type))
            return [Method(type.GetMethod("Invoke")!)];
        if (type.IsEnum)
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}");

        return type.GetMembers(Declared)
            .Where(m => m is not Type)
            .Select(m => (m.Name, Text: Member(m)!))
            .Where(m => m.Text is not null)
            .OrderBy(m => m.Name, StringComparer.Ordinal)
            .ThenBy(m => m.Text, StringComparer.Ordinal)
            .Select(m => m.Text);
    }

    private static string? Member(MemberInfo member) =>
        member switch
        {
            ConstructorInfo c when IsVisible(c) && !c.IsStatic => $"{Access(c)}.ctor({Parameters(c)})",
            PropertyInfo p when p.GetAccessors(nonPublic: true).Any(IsVisible) && !(p.Name == "EqualityContract") => Property(p),
            FieldInfo f when f.IsPublic || f.IsFamily => Field(f),
            EventInfo e when IsVisible(e.AddMethod!) => $"event {TypeNames.Of(e.EventHandlerType!)} {e.Name}",
            MethodInfo m when IsVisible(m) && !IsUnremarkable(m) => $"{Access(m)}{(m.IsStatic ? "static " : "")}{Method(m)}",
            _ => null,
        };

    private static string Property(PropertyInfo property)
    {
        var accessors = property
            .GetAccessors(nonPublic: true)
            .Where(IsVisible)
            .Select(a =>
                a == property.GetMethod ? "get;"
                : IsInit(a) ? "init;"
                : "set;"
            );
        var first = property.GetAccessors(nonPublic: true).First(IsVisible);
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var name = property.GetIndexParameters() is { Length: > 0 } parameters
            ? $"this[{string.Join(", ", parameters.Select(Parameter))}]"
            : property.Name;
        return $"{Access(first)}{(first.IsStatic ? "static " : "")}{required}{TypeNames.Of(property)} {name} {{ {string.Join(' ', accessors)} }}";
    }

    private static string Field(FieldInfo field)
    {
        if (field.IsLiteral)
            return $"const {TypeNames.Of(field)} {field.Name} = {Literal(field.GetRawConstantValue())}";
        return $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{TypeNames.Of(field)} {field.Name}";
    }

    private static string Method(MethodInfo method)
    {
        var extension = method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : "";
        var generic = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeNames.Of))}>" : "";
        return $"{TypeNames.Of(method.ReturnParameter)} {method.Name}{generic}({extension}{Parameters(method)})";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var how =
            parameter.IsOut ? "out "
            : parameter.IsIn ? "in "
            : parameter.ParameterType.IsByRef ? "ref "
            : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params "
            : "";
        return $"{how}{TypeNames.Of(parameter)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Default(parameter)}" : "")}";
    }

    private static string Default(ParameterInfo parameter)
    {
        var isStruct = parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null;
        return parameter.RawDefaultValue is null && isStruct ? "default" : Literal(parameter.RawDefaultValue);
    }

    private static string Literal(object? value) =>
        value switch
        {
            null => "null",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static bool IsUnremarkable(MethodInfo method) =>
        (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
        || method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || method.GetBaseDefinition().DeclaringType == typeof(object)
        || (method.Name == "Equals" && method.GetParameters() is [{ } other] && other.ParameterType == method.DeclaringType);

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static bool IsVisible(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    private static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static bool IsDelegate(Type type) => type.BaseType == typeof(MulticastDelegate);
}
