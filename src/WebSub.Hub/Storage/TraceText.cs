using System.Diagnostics;

namespace WebSub.Hub.Storage;

/// <summary>
/// What published a topic or an entry, as it is stored: a <c>traceparent</c>, so that a trace goes on at another node and after a restart.
/// </summary>
internal static class TraceText
{
    /// <summary>The current activity; null if there is none, or none that is recorded.</summary>
    public static string? Current => Of(Activity.Current?.Context ?? default);

    /// <summary>An activity; null if it is not recorded.</summary>
    public static string? Of(ActivityContext context) =>
        context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? $"00-{context.TraceId}-{context.SpanId}-01" : null;

    /// <summary>The activity; the default for null.</summary>
    public static ActivityContext Parse(string? text) =>
        ActivityContext.TryParse(text, null, isRemote: true, out var context) ? context : default;
}
