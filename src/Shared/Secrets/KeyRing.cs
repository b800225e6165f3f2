using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using WebSub.Storage;

namespace WebSub.Secrets;

/// <summary>
/// Keeps Data Protection's keys in our database (table <c>key_ring</c>), so that every process on it has them and a backup is complete.
/// </summary>
internal sealed class KeyRing(Database database) : IXmlRepository
{
    // Data Protection's interface is synchronous. It is called a few times at start and when a key is made, from no synchronization
    // context.
#pragma warning disable VSTHRD002
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [
            .. Task.Run(() =>
                    database.ReadAsync(session => session.QueryAsync<string>("select xml from {key_ring}"), CancellationToken.None)
                )
                .GetAwaiter()
                .GetResult()
                .Select(XElement.Parse),
        ];

    public void StoreElement(XElement element, string friendlyName) =>
        Task.Run(() =>
                database.WriteAsync(
                    session =>
                        session.ExecuteAsync(
                            "insert into {key_ring} (name, xml) values (@friendlyName, @xml) on conflict (name) do update set xml = excluded.xml",
                            new { friendlyName, xml = element.ToString(SaveOptions.DisableFormatting) }
                        ),
                    CancellationToken.None
                )
            )
            .GetAwaiter()
            .GetResult();
#pragma warning restore VSTHRD002
}
