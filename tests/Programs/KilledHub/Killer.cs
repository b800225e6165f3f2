using System.Diagnostics;

namespace KilledHub;

/// <summary>Waits for its activity and ends the process there, without a chance to save anything.</summary>
internal static class Killer
{
    private const string Source = "WebSub.Hub";
    private static readonly ManualResetEvent Never = new(false);
    private static int _seen;

    public static ActivityListener Watch(KillPoint point)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        Action<Activity> reached = activity => Reach(point, activity);
        if (point.When == "started")
            listener.ActivityStarted = reached;
        else
            listener.ActivityStopped = reached;
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static void Reach(KillPoint point, Activity activity)
    {
        if (activity.OperationName != point.Activity || !File.Exists(point.Armed) || Interlocked.Increment(ref _seen) < point.Times)
            return;
        if (point.Waits)
            Console.WriteLine($"Reached {point.Activity} {point.When}");
        else
            Process.GetCurrentProcess().Kill();
        Never.WaitOne();
    }
}
