using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace WebSub.Cli.Terminal;

/// <summary>
/// <c>--verbose</c>: a line on stderr for each HTTP request that is sent or answered. The runtime tells of them as activities; queries
/// are left out, and what is long enough to be the key of a callback is cut: such lines are passed on when something is to be explained.
/// </summary>
internal static partial class RequestLog
{
    private const string Client = "System.Net.Http";
    private const string Server = "Microsoft.AspNetCore";
    private const string ServerTellsNothing = "Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData";

    /// <summary>Tells of requests until it is disposed.</summary>
    public static IDisposable Start()
    {
        // With a listener the runtime would add tracing headers to requests: what is looked at must stay as it was.
        DistributedContextPropagator.Current = DistributedContextPropagator.CreateNoOutputPropagator();
        // Without this the server's activities have neither method nor path.
        AppContext.SetSwitch(ServerTellsNothing, isEnabled: false);
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Client or Server,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Tell,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static void Tell(Activity activity)
    {
        var isSent = activity.Source.Name == Client;
        var method = activity.GetTagItem("http.request.method");
        var url = Key().Replace($"{(isSent ? activity.GetTagItem("url.full") : activity.GetTagItem("url.path"))}", "${start}…");
        var outcome = activity.GetTagItem("http.response.status_code") ?? activity.GetTagItem("error.type") ?? "no answer";
        var took = activity.Duration.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        Report.Detail($"{(isSent ? "sent" : "received")} {method} {url}: {outcome}, {took} ms");
    }

    [GeneratedRegex("(?<start>[0-9A-Za-z_-]{6})[0-9A-Za-z_-]{20,}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();
}
