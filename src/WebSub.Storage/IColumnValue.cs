namespace WebSub.Storage;

/// <summary>
/// A value with its own type in rows and parameters, so that values of the same stored type are not mixed up. Register it with
/// <see cref="ColumnTypes.Add{T, TStored}"/>.
/// </summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
/// <typeparam name="TStored">What the column holds: <see cref="long"/>, <see cref="string"/> or an array of bytes.</typeparam>
internal interface IColumnValue<TSelf, TStored>
    where TSelf : struct, IColumnValue<TSelf, TStored>
    where TStored : notnull
{
    /// <summary>The value as the database holds it.</summary>
    TStored Stored { get; }

    /// <summary>The value that the database holds.</summary>
    /// <param name="stored">What was read.</param>
    static abstract TSelf FromStored(TStored stored);
}
