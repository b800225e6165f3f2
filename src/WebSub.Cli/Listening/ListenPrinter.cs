namespace WebSub.Cli.Listening;

/// <summary>Writes events: for people a line with the time and further lines below it, for programs one object per line.</summary>
internal sealed class ListenPrinter(bool json, TimeProvider time)
{
    private const string Indent = "                        ";
    private readonly Lock _gate = new();
    private readonly Report _report = new(json);

    public void Write(ListenEvent what, string text, params IEnumerable<string> below)
    {
        lock (_gate)
        {
            var at = TimeZoneInfo.ConvertTime(what.At, time.LocalTimeZone);
            _report.Write([$"{at:HH:mm:ss}  {what.Event.PadRight(14)}{text}", .. below.Select(l => Indent + l)], what);
        }
    }
}
