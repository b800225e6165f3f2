using WebSub.Conformance.Checks;

namespace WebSub.Conformance.Reports;

/// <summary>Writes reports to files.</summary>
public static class ReportWriter
{
    /// <summary>
    /// The format that a file's extension asks for: <c>.html</c> or <c>.htm</c>, <c>.json</c>, <c>.xml</c>; null for others.
    /// </summary>
    public static ReportFormat? FormatOf(string file) =>
        Path.GetExtension(file).ToUpperInvariant() switch
        {
            ".HTML" or ".HTM" => ReportFormat.Html,
            ".JSON" => ReportFormat.Json,
            ".XML" => ReportFormat.JUnit,
            _ => null,
        };

    /// <summary>The report as text.</summary>
    public static string Write(ConformanceReport report, ReportFormat format)
    {
        ArgumentNullException.ThrowIfNull(report);
        return format switch
        {
            ReportFormat.Html => HtmlReport.Write(report),
            ReportFormat.Json => JsonReport.Write(report),
            ReportFormat.JUnit => JUnitReport.Write(report),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There are three formats."),
        };
    }
}
