namespace KilledHub;

/// <summary>Where a hub ends.</summary>
/// <param name="Activity">The name of an activity of the hub.</param>
/// <param name="When"><c>started</c> or <c>stopped</c>.</param>
/// <param name="Times">At how many of them.</param>
/// <param name="Waits">True to stand still there and say so; then the test kills. False kills at once, as a process kills itself.</param>
/// <param name="Armed">Nothing counts before this file exists.</param>
internal sealed record KillPoint(string Activity, string When, int Times, bool Waits, string Armed);
