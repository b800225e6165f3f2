using System.Diagnostics;

namespace WebSub.Hub;

/// <summary>
/// The names to give OpenTelemetry: <c>AddSource(WebSubHubTelemetry.ActivitySourceName)</c> and
/// <c>AddMeter(WebSubHubTelemetry.MeterName)</c>. The activities are listed in docs/reference/telemetry-hub.md, the instruments in
/// docs/operations/telemetry.md.
/// </summary>
public static class WebSubHubTelemetry
{
    /// <summary>The activity source. Each step of an update or a subscription on its way through the hub is one activity.</summary>
    public const string ActivitySourceName = "WebSub.Hub";

    /// <summary>The meter. Its instruments count and time what the hub does.</summary>
    public const string MeterName = "WebSub.Hub";

    /// <summary>A subscribe or unsubscribe request is stored; the 202 follows.</summary>
    internal const string Subscribe = "websub.subscribe";

    /// <summary>A callback is asked to confirm a request.</summary>
    internal const string Verify = "websub.verify";

    /// <summary>The outcome of a verification is saved.</summary>
    internal const string VerifySave = "websub.verify.save";

    /// <summary>A ping is stored or content is appended; the 202 follows.</summary>
    internal const string Publish = "websub.publish";

    /// <summary>A pinged topic is fetched; its content is appended afterwards.</summary>
    internal const string Fetch = "websub.fetch";

    /// <summary>A lane's run, from claim to release.</summary>
    internal const string LaneRun = "websub.lane.run";

    /// <summary>The cursors of one or more lanes are saved, in one transaction.</summary>
    internal const string LaneSave = "websub.lane.save";

    /// <summary>
    /// One POST to a callback; a child of the activity that published the entry if that was recorded, otherwise of the lane's run.
    /// </summary>
    internal const string Deliver = "websub.deliver";

    /// <summary>A step of what an operator has asked for is carried out, in one transaction.</summary>
    internal const string Action = "websub.action";

    private static readonly ActivitySource Source = new(ActivitySourceName);

    /// <summary>True if there is a listener.</summary>
    internal static bool IsHeard => Source.HasListeners();

    /// <summary>
    /// Starts an activity as a child of <paramref name="parent"/> or of the current one; null, at no cost, without a listener.
    /// </summary>
    internal static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal, ActivityContext parent = default) =>
        Source.StartActivity(name, kind, parent);

    /// <summary>
    /// Starts the activity of an attempt. The callback gets its trace, which is that of the activity that published the entry, with a link
    /// to the run that the attempt belongs to.
    /// </summary>
    internal static Activity? StartDelivery(ActivityContext published, ActivityContext run) =>
        published == default
            ? Start(Deliver, ActivityKind.Producer, run)
            : Source.StartActivity(Deliver, ActivityKind.Producer, published, links: run == default ? null : [new(run)]);

    /// <summary>
    /// Starts an activity without a parent that outlives its caller; it does not become the current one.
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
