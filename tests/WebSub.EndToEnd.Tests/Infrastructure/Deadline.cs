namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>
/// How long a test waits for something that should come at once: long enough for a busy machine, never the way a test passes.
/// </summary>
internal static class Deadline
{
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);
}
