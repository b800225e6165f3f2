using System.Diagnostics;

namespace WebSub.Hub;

/// <summary>
/// The name that OpenTelemetry is told to listen to: <c>AddSource(WebSubHubTelemetry.ActivitySourceName)</c>. The activities are listed in
/// docs/reference/telemetry-hub.md.
/// </summary>
public static class WebSubHubTelemetry
{
    /// <summary>The activity source: one activity for each step of an update's and of a subscription's way through the hub.</summary>
    public const string ActivitySourceName = "WebSub.Hub";

    /// <summary>A subscribe or unsubscribe request is stored; after it comes the 202.</summary>
    internal const string Subscribe = "websub.subscribe";

    /// <summary>A callback is asked whether its subscriber meant it.</summary>
    internal const string Verify = "websub.verify";

    /// <summary>The outcome of a verification is saved.</summary>
    internal const string VerifySave = "websub.verify.save";

    /// <summary>A ping is stored or content is appended; after it comes the 202.</summary>
    internal const string Publish = "websub.publish";

    /// <summary>A pinged topic is read; what it had is appended after it.</summary>
    internal const string Fetch = "websub.fetch";

    /// <summary>A lane is delivered, from the claim to the release.</summary>
    internal const string LaneRun = "websub.lane.run";

    /// <summary>The cursors of one or more lanes are saved, in one transaction.</summary>
    internal const string LaneSave = "websub.lane.save";

    /// <summary>One POST to a callback; a child of what published the entry, if this process knows it, else of the lane's run.</summary>
    internal const string Deliver = "websub.deliver";

    private static readonly ActivitySource Source = new(ActivitySourceName);

    /// <summary>True if anybody listens.</summary>
    internal static bool IsHeard => Source.HasListeners();

    /// <summary>
    /// Starts an activity, a child of <paramref name="parent"/> or of the current one; null, at no cost, if nobody listens.
    /// </summary>
    internal static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal, ActivityContext parent = default) =>
        Source.StartActivity(name, kind, parent);

    /// <summary>
    /// Starts the activity of an attempt, whose trace the callback gets: that of what published the entry, with a link to the run that the
    /// attempt is part of.
    /// </summary>
    internal static Activity? StartDelivery(ActivityContext published, ActivityContext run) =>
        published == default
            ? Start(Deliver, ActivityKind.Producer, run)
            : Source.StartActivity(Deliver, ActivityKind.Producer, published, links: run == default ? null : [new(run)]);

    /// <summary>
    /// Starts an activity that goes on after its caller has returned and is nobody's child; it does not become the current one.
    /// </summary>
    internal static Activity? StartDetached(string name)
    {
        if (!IsHeard)
            return null;
        var current = Activity.Current;
        Activity.Current = null;
        var activity = Source.StartActivity(name);
        Activity.Current = current;
        return activity;
    }

    /// <summary>Ends an activity as failed.</summary>
    internal static void Fail(this Activity? activity, string? reason) => activity?.SetStatus(ActivityStatusCode.Error, reason);
}
