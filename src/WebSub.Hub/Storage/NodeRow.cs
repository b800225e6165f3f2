using WebSub.Hub.Hosting;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>A process that takes part.</summary>
/// <param name="Name">Its name in claims.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Version">Its version.</param>
/// <param name="Roles">One of <see cref="HubRoles"/>.</param>
internal sealed record NodeRow(string Name, DatabaseTime StartedAt, string Version, string Roles)
{
    /// <summary>This process.</summary>
    public static NodeRow Of(HubNode node) => new(node.Name, node.StartedAt, HubNode.Version, node.Roles.ToString());
}
