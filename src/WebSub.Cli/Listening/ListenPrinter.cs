using WebSub.Cli.Terminal;

namespace WebSub.Cli.Listening;

/// <summary>Writes events: for people a line with the time and further lines below it, for programs one object per line.</summary>
internal sealed class ListenPrinter(bool json, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Report _report = new(json);

    /// <summary>True if something could not be written.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Writes an event. That this fails, because a disk is full for example, is told and stops nothing.</summary>
    public void Write(ListenEvent what, string text, params IEnumerable<string> below)
    {
        lock (_gate)
        {
            try
            {
                var at = TimeZoneInfo.ConvertTime(what.At, time.LocalTimeZone);
                _report.Write($"{at:HH:mm:ss}", what.Event, ToneOf(what.Event), text, below, what);
            }
#pragma warning disable CA1031 // What comes after printing matters more.
            catch (Exception e)
#pragma warning restore CA1031
            {
                HasFailed = true;
                Report.Complain($"The event \"{what.Event}\" could not be printed: {e.Message}");
            }
        }
    }

    /// <summary>Tells of the end of a run that cannot go on.</summary>
    public void Fail(string topic, string reason)
    {
        if (json)
        {
            Write(
                new()
                {
                    Event = EventName.Failed,
                    Topic = topic,
                    At = time.GetUtcNow(),
                    Reason = reason,
                },
                reason
            );
        }

        Report.Complain(reason);
    }

    private static Tone ToneOf(string what) =>
        what switch
        {
            EventName.Notification => Tone.News,
            EventName.Verified or EventName.Renewed or EventName.Connected => Tone.Good,
            EventName.Denied or EventName.Rejected or EventName.Failed or EventName.Expired or EventName.Gap => Tone.Bad,
            _ => Tone.Plain,
        };
}
