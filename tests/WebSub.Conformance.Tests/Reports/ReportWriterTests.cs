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
        Assert.Contains("One MUST is not met.", page, StringComparison.Ordinal);
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

        Assert.Contains("The run was stopped before its end.", ReportWriter.Write(stopped, ReportFormat.Html), StringComparison.Ordinal);
        Assert.Contains("\"wasStopped\": true", ReportWriter.Write(stopped, ReportFormat.Json), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "<p>Every MUST that was checked is met. Checked on")]
    [InlineData(true, "<p>Every MUST that was checked is met. One SHOULD is not met, which fails a strict check. Checked on")]
    public void Report_OfAShouldThatFailed_DependsOnHowStrict(bool isStrict, string verdict)
    {
        var report = Report with
        {
            IsStrict = isStrict,
            Results = [new(Level("H22", RequirementLevel.Should), CheckOutcome.Failed, "twice", TimeSpan.Zero, [])],
        };

        using var json = JsonDocument.Parse(ReportWriter.Write(report, ReportFormat.Json));

        Assert.Equal(!isStrict, report.IsConformant);
        Assert.Equal(!isStrict, json.RootElement.GetProperty("isConformant").GetBoolean());
        Assert.Contains(verdict, ReportWriter.Write(report, ReportFormat.Html), StringComparison.Ordinal);
    }

    private static Requirement Level(string id, RequirementLevel level) => new(id, level, "5.1", $"What {id} asks.");
}
