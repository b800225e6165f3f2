using System.Data;
using Dapper;

namespace WebSub.Storage;

/// <summary>
/// The parameters of a statement. Truth values are 0 and 1 in the tables of both dialects, so that is what they become; PostgreSQL would
/// compare no number with a <c>boolean</c>.
/// </summary>
/// <param name="values">An object with a property for each parameter.</param>
internal sealed class StoredParameters(object values) : SqlMapper.IDynamicParameters
{
    /// <inheritdoc/>
    public void AddParameters(IDbCommand command, SqlMapper.Identity identity)
    {
        ((SqlMapper.IDynamicParameters)new DynamicParameters(values)).AddParameters(command, identity);
        foreach (IDbDataParameter parameter in command.Parameters)
        {
            if (parameter.DbType != DbType.Boolean)
                continue;
            parameter.DbType = DbType.Int64;
            if (parameter.Value is bool value)
                parameter.Value = value ? 1L : 0L;
        }
    }
}
