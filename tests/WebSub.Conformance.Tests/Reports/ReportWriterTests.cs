using System.Text.Json;
using System.Xml.Linq;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Reports;

namespace WebSub.Conformance.Tests.Reports;

public sealed class ReportWriterTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 27, 4, 0, 0, TimeSpan.Zero);
    private static readonly Exchange Odd = new(At, IsOurs: false, "GET /x\n\n<script>\0", "200\n\n\u001b[31m");
    private static readonly ConformanceReport Report = new(
        "hub",
        "http://hub.example/?a=<b>",
        At,
        [
            new(Level("H1", RequirementLevel.Must), CheckOutcome.Failed, "it answered \"<no>\"", TimeSpan.FromSeconds(1.5), [Odd]),
            new(Level("H22", RequirementLevel.Should), CheckOutcome.Passed, "not seen: <that>", TimeSpan.FromSeconds(1), []),
            new(Level("H29", RequirementLevel.Should), CheckOutcome.Skipped, "takes minutes", TimeSpan.Zero, []),
        ]
    );

    [Theory]
    [InlineData("a/b.HTML", ReportFormat.Html)]
    [InlineData("b.json", ReportFormat.Json)]
    [InlineData("b.xml", ReportFormat.JUnit)]
    [InlineData("b.pdf", null)]
    public void Format_OfAFile_IsInItsExtension(string file, ReportFormat? format)
    {
        Assert.Equal(format, ReportWriter.FormatOf(file));
    }

    [Fact]
    public void Html_OfHostileBytes_ShowsThemAsText()
    {
        var page = ReportWriter.Write(Report, ReportFormat.Html);

        Assert.Contains("GET /x\n\n&lt;script&gt;\uFFFD", page, StringComparison.Ordinal);
        Assert.Contains("http://hub.example/?a=&lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("The hub does not conform: one MUST is not met.", page, StringComparison.Ordinal);
        Assert.Contains("not seen: &lt;that&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', page);
        Assert.DoesNotContain("http://", page.Replace("http://hub.example", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void JUnit_HasACaseForEachCheck()
    {
        var suite = XDocument.Parse(ReportWriter.Write(Report, ReportFormat.JUnit)).Root!.Element("testsuite")!;

        Assert.Equal(["3", "1", "1"], new[] { "tests", "failures", "skipped" }.Select(a => suite.Attribute(a)!.Value));
        Assert.Equal("H1 What H1 asks. (§5.1)", suite.Element("testcase")!.Attribute("name")!.Value);
        Assert.Equal("it answered \"<no>\"", suite.Element("testcase")!.Element("failure")!.Attribute("message")!.Value);
        Assert.Equal(["not seen: <that>"], suite.Descendants("system-out").Select(o => o.Value));
    }

    [Fact]
    public void Json_HasTheSumsAndEachResult()
    {
        using var json = JsonDocument.Parse(ReportWriter.Write(Report, ReportFormat.Json));

        Assert.Equal(1, json.RootElement.GetProperty("failed").GetInt32());
        Assert.Equal(
            ["failed", "passed", "skipped"],
            json.RootElement.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("outcome").GetString())
        );
    }

    [Fact]
    public void Report_OfARunThatWasStopped_SaysSo()
    {
        var stopped = Report with { WasStopped = true };

        Assert.Contains(
            "Stopped before the end; what did not end counts as skipped.",
            ReportWriter.Write(stopped, ReportFormat.Html),
            StringComparison.Ordinal
        );
        Assert.Contains("\"wasStopped\": true", ReportWriter.Write(stopped, ReportFormat.Json), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "Every MUST that was checked is met.", "P")]
    [InlineData(true, "Every MUST that was checked is met.", "Ps")]
    [InlineData(true, "Every MUST that was checked is met.", "Pt")]
    [InlineData(false, "Every MUST that was checked is met, but not every SHOULD, which fails a strict check.", "Ps", true)]
    [InlineData(false, "The hub does not conform: one MUST is not met.", "PM")]
    [InlineData(false, "The hub does not conform: 2 MUSTs are not met. Nothing passed: is a hub there, and is it running?", "MMt")]
    [InlineData(false, "Nothing passed: is a hub there, and is it running?", "s")]
    [InlineData(false, "Nothing passed: is a hub there, and is it running?", "t")]
    [InlineData(false, "Nothing was checked; the reason stands with each check.", "k")]
    [InlineData(false, "Stopped before the end; what did not end counts as skipped.", "Pk", false, true)]
    public void EveryReport_SaysTheSameOfTheRun(
        bool isConformant,
        string verdict,
        string results,
        bool isStrict = false,
        bool stopped = false
    )
    {
        var report = Report with { IsStrict = isStrict, WasStopped = stopped, Results = [.. results.Select(Result)] };

        using var json = JsonDocument.Parse(ReportWriter.Write(report, ReportFormat.Json));
        var html = ReportWriter.Write(report, ReportFormat.Html);
        var suite = XDocument.Parse(ReportWriter.Write(report, ReportFormat.JUnit)).Root!.Element("testsuite")!;

        Assert.Equal((isConformant, verdict), (report.IsConformant, report.Verdict));
        Assert.Equal(isConformant, json.RootElement.GetProperty("isConformant").GetBoolean());
        Assert.Equal(verdict, json.RootElement.GetProperty("verdict").GetString());
        Assert.Contains($"<p class=\"verdict {(isConformant ? "passed" : "failed")}\">{verdict}</p>", html, StringComparison.Ordinal);
        Assert.Equal(isConformant, !suite.Descendants().Any(e => e.Name.LocalName is "failure" or "error"));
        var (cases, failures, errors) = (suite.Elements("testcase"), suite.Descendants("failure"), suite.Descendants("error"));
        var counts = new[] { cases.Count(), failures.Count(), errors.Count(), suite.Descendants("skipped").Count() };
        Assert.Equal(counts, new[] { "tests", "failures", "errors", "skipped" }.Select(a => (int)suite.Attribute(a)!));
    }

    /// <summary>P and k: passed and not run; M, s: a MUST and a SHOULD that failed; t: skipped after it was tried.</summary>
    private static CheckResult Result(char kind) =>
        new(
            Level($"H{(int)kind}", kind is 's' ? RequirementLevel.Should : RequirementLevel.Must),
            kind switch
            {
                'P' => CheckOutcome.Passed,
                'M' or 's' => CheckOutcome.Failed,
                _ => CheckOutcome.Skipped,
            },
            kind is 'P' ? null : "a reason",
            kind is 'k' ? TimeSpan.Zero : TimeSpan.FromSeconds(1),
            [Odd]
        );

    private static Requirement Level(string id, RequirementLevel level) => new(id, level, "5.1", $"What {id} asks.");
}
