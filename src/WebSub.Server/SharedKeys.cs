using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using WebSub.Secrets;

namespace WebSub.Server;

/// <summary>
/// Data Protection with the keys of the hub, which are in its database unless a setting says where: what a node seals for a browser, such
/// as the cookie of the dashboard, every node opens, and so does the next container.
/// </summary>
internal static class SharedKeys
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddDataProtection();
        builder.Services.AddOptions<DataProtectionOptions>().Configure<SecretBox>((o, box) => o.ApplicationDiscriminator = box.Application);
        builder.Services.AddOptions<KeyManagementOptions>().Configure<SecretBox>((o, box) => o.XmlRepository = box.Ring);
        // It warns that keys are stored as they are; docs/operations/security.md says so, and what to do.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
    }
}
