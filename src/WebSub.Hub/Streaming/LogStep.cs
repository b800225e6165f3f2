using System.Runtime.InteropServices;

namespace WebSub.Hub.Streaming;

/// <summary>A step of a reader through a topic's log.</summary>
/// <param name="Position">Where the reader stands now; null if nothing follows.</param>
/// <param name="IsGap">True if it passed over entries that are no longer kept.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LogStep(long? Position, bool IsGap)
{
    public static LogStep None { get; } = new(null, false);
}
