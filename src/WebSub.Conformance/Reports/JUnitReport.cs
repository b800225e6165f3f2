using System.Globalization;
using System.Xml.Linq;
using WebSub.Conformance.Checks;

namespace WebSub.Conformance.Reports;

/// <summary>The report as JUnit's XML: a test case for each check.</summary>
internal static class JUnitReport
{
    public static string Write(ConformanceReport report) =>
        new XDocument(
            new XElement(
                "testsuites",
                new XElement(
                    "testsuite",
                    new XAttribute("name", $"WebSub {report.Role} {Clean(report.Target)}"),
                    new XAttribute("timestamp", report.StartedAt.UtcDateTime.ToString("s", CultureInfo.InvariantCulture)),
                    new XAttribute("tests", report.Results.Count),
                    new XAttribute("failures", report.Count(CheckOutcome.Failed)),
                    new XAttribute("skipped", report.Count(CheckOutcome.Skipped)),
                    report.Results.Select(Case)
                )
            )
        ).ToString();

    private static XElement Case(CheckResult result)
    {
        var (requirement, reason) = (result.Requirement, Clean(result.Reason ?? ""));
        var test = new XElement(
            "testcase",
            new XAttribute("classname", $"WebSub.{requirement.Level}"),
            new XAttribute("name", $"{requirement.Id} {requirement.Text} ({requirement.Origin()})"),
            new XAttribute("time", result.Duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture))
        );
        if (result.Outcome == CheckOutcome.Failed)
            test.Add(new XElement("failure", new XAttribute("message", reason), Story(result)));
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
