using System.Globalization;
using System.Xml.Linq;
using WebSub.Conformance.Checks;

namespace WebSub.Conformance.Reports;

/// <summary>
/// The report as JUnit's XML: a test case for each check. What does not make the run fail is no failure there either, but a skipped case
/// with its reason; a run that fails without one, since it was stopped or nothing passed, has a case of its own that says so.
/// </summary>
internal static class JUnitReport
{
    public static string Write(ConformanceReport report)
    {
        var failures = report.Results.Count(report.Fails);
        var isError = failures == 0 && !report.IsConformant;
        return new XDocument(
            new XElement(
                "testsuites",
                new XElement(
                    "testsuite",
                    new XAttribute("name", $"WebSub {report.Role} {Clean(report.Target)}"),
                    new XAttribute("timestamp", report.StartedAt.UtcDateTime.ToString("s", CultureInfo.InvariantCulture)),
                    new XAttribute("tests", report.Results.Count + (isError ? 1 : 0)),
                    new XAttribute("failures", failures),
                    new XAttribute("errors", isError ? 1 : 0),
                    new XAttribute("skipped", report.Results.Count(r => r.Outcome != CheckOutcome.Passed && !report.Fails(r))),
                    report.Results.Select(r => Case(r, report.Fails(r))),
                    isError ? TheRun(report) : null
                )
            )
        ).ToString();
    }

    private static XElement TheRun(ConformanceReport report) =>
        new(
            "testcase",
            new XAttribute("classname", "WebSub.Run"),
            new XAttribute("name", "The run shows something"),
            new XElement("error", new XAttribute("message", report.Verdict))
        );

    private static XElement Case(CheckResult result, bool fails)
    {
        var (requirement, reason) = (result.Requirement, Clean(result.Reason ?? ""));
        var test = new XElement(
            "testcase",
            new XAttribute("classname", $"WebSub.{requirement.Level}"),
            new XAttribute("name", $"{requirement.Id} {requirement.Text} ({requirement.Origin()})"),
            new XAttribute("time", result.Duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture))
        );
        if (fails)
            test.Add(new XElement("failure", new XAttribute("message", reason), Story(result)));
        else if (result.Outcome == CheckOutcome.Failed)
            test.Add(
                new XElement("skipped", new XAttribute("message", $"{requirement.Level.ToString().ToUpperInvariant()} not met: {reason}"))
            );
        if (result.Outcome == CheckOutcome.Skipped)
            test.Add(new XElement("skipped", new XAttribute("message", reason)));
        if (result.Outcome == CheckOutcome.Passed && reason.Length > 0)
            test.Add(new XElement("system-out", reason));
        return test;
    }

    private static string Story(CheckResult result) =>
        Clean(string.Join("\n\n", result.Exchanges.Select(e => $"{(e.IsOurs ? ">" : "<")} {e.Request}\n= {e.Answer}")));

    // What XML cannot hold.
    private static string Clean(string text) => string.Concat(text.Select(c => System.Xml.XmlConvert.IsXmlChar(c) ? c : '\uFFFD'));
}
