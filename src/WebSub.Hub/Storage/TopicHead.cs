using System.Runtime.InteropServices;

namespace WebSub.Hub.Storage;

/// <summary>A topic's head as an append has raised it.</summary>
/// <param name="Sequence">The new entry's sequence.</param>
/// <param name="Patterns">How many patterns the topic's members had added.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TopicHead(long Sequence, long Patterns);
