using System.Globalization;

namespace WebSub.Hub.Storage;

/// <summary>The advisory lock that a node of the cluster holds while it lives (rule 26).</summary>
internal static class NodeKey
{
    /// <summary>The lock that a node of this name holds; null if no node can have that name.</summary>
    public static long? Of(string node) =>
        ulong.TryParse(node, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var key) ? (long)key : null;
}
