namespace WebSub.Hub.Administration;

/// <summary>Entries that are to be sent again.</summary>
/// <param name="From">The sequence of the first.</param>
/// <param name="To">The sequence of the last; without it, the newest there is now.</param>
/// <param name="Reason">Why, for the audit log.</param>
internal sealed record ReplayBody(long? From = null, long? To = null, string? Reason = null);
