namespace WebSub.Cli.Listening;

/// <summary>Writes events: for people a line with the time and further lines below it, for programs one object per line.</summary>
internal sealed class ListenPrinter(bool json, TimeProvider time)
{
    private const string Indent = "                        ";
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
                _report.Write([$"{at:HH:mm:ss}  {what.Event.PadRight(14)}{text}", .. below.Select(l => Indent + l)], what);
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
}
