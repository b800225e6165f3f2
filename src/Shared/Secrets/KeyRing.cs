using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using WebSub.Storage;

namespace WebSub.Secrets;

/// <summary>Keeps Data Protection's keys in our database, so that every process that uses it has them and a backup is complete.</summary>
internal sealed class KeyRing(KeyStore keys) : IXmlRepository
{
    // Data Protection's interface is synchronous. It is called a few times at start and when a key is made, from no synchronization
    // context.
#pragma warning disable VSTHRD002
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Task.Run(keys.ReadRingAsync).GetAwaiter().GetResult().Select(XElement.Parse)];

    public void StoreElement(XElement element, string friendlyName) =>
        Task.Run(() => keys.SaveRingAsync(friendlyName, element.ToString(SaveOptions.DisableFormatting))).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
}
