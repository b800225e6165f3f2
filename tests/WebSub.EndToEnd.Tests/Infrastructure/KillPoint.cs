namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>Where a hub ends: an activity of it, see docs/reference/telemetry-hub.md.</summary>
/// <param name="Activity">Its name.</param>
/// <param name="When"><c>started</c> or <c>stopped</c>.</param>
/// <param name="Times">At how many of them.</param>
/// <param name="Waits">True if it stands still there until the test kills it; false if it is killed there at once.</param>
internal sealed record KillPoint(string Activity, string When, int Times = 1, bool Waits = false);
