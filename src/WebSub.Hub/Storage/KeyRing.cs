using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace WebSub.Hub.Storage;

/// <summary>Keeps Data Protection's keys in the hub's database, so that every node has them and a backup is complete.</summary>
internal sealed class KeyRing(HubDatabase database) : IXmlRepository
{
    // Data Protection's interface is synchronous. It is called a few times at start and when a key is made, from no synchronization context.
#pragma warning disable VSTHRD002
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Task.Run(() => database.Db.ReadAsync(session => session.QueryAsync<string>("select xml from {key_ring}"), CancellationToken.None)).GetAwaiter().GetResult().Select(XElement.Parse)];

    public void StoreElement(XElement element, string friendlyName) =>
        Task.Run(() => database.Db.WriteAsync(
            session => session.ExecuteAsync(
                "insert into {key_ring} (name, xml) values (@friendlyName, @xml) on conflict (name) do update set xml = excluded.xml",
                new { friendlyName, xml = element.ToString(SaveOptions.DisableFormatting) }),
            CancellationToken.None)).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
}
