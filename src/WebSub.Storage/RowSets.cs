using Dapper;

namespace WebSub.Storage;

/// <summary>The rows of several statements that ran together, one set after the other.</summary>
internal sealed class RowSets(SqlMapper.GridReader grid)
{
    /// <summary>The rows of the next statement that returns any.</summary>
    public async Task<IReadOnlyList<T>> ReadAsync<T>()
    {
        RowMap<T>.Register();
        return (await grid.ReadAsync<T>()).AsList();
    }
}
