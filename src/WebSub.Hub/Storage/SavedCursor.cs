using WebSub.Hub.Values;

namespace WebSub.Hub.Storage;

/// <summary>A lane whose cursor was saved.</summary>
/// <param name="LaneId">The lane.</param>
/// <param name="MembersVersion">The version of its rows.</param>
/// <param name="HasBehind">One of its subscriptions is not joined.</param>
internal readonly record struct SavedCursor(LaneId LaneId, long MembersVersion, bool HasBehind);
