using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using WebSub.Conformance.Checks;

namespace WebSub.Conformance.Reports;

/// <summary>The report as a page that needs nothing else: no scripts, no files beside it.</summary>
internal static class HtmlReport
{
    private static readonly string Style = ReadStyle();

    public static string Write(ConformanceReport report)
    {
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>WebSub conformance: {Encode(report.Target)}</title>
            <style>{Style}</style>
            </head>
            <body>
            <header>
            <h1>WebSub conformance of a {Encode(report.Role)}</h1>
            <p class="target">{Encode(report.Target)}</p>
            <p class="verdict {(report.IsConformant ? "passed" : "failed")}">{Encode(report.Verdict)}</p>
            <p>Checked on <time>{report.StartedAt:yyyy-MM-dd HH:mm} UTC</time> against the W3C Recommendation of 2 June 2026.</p>
            <ul class="counts">
            <li class="passed"><b>{report.Count(CheckOutcome.Passed)}</b> passed</li>
            <li class="failed"><b>{report.Count(CheckOutcome.Failed)}</b> failed</li>
            <li class="skipped"><b>{report.Count(CheckOutcome.Skipped)}</b> skipped</li>
            </ul>
            </header>
            <main>

            """
        );
        Section(page, "Failed", report.Results.Where(r => r.Outcome == CheckOutcome.Failed));
        Section(page, "Passed", report.Results.Where(r => r.Outcome == CheckOutcome.Passed));
        Section(page, "Skipped", report.Results.Where(r => r.Outcome == CheckOutcome.Skipped));
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Section(StringBuilder page, string title, IEnumerable<CheckResult> results)
    {
        var list = results.ToList();
        if (list.Count == 0)
            return;
        page.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2>\n");
        foreach (var result in list)
            Result(page, result);
    }

    private static void Result(StringBuilder page, CheckResult result)
    {
        var (requirement, outcome) = (result.Requirement, result.Outcome.ToString().ToLowerInvariant());
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            <article class="{outcome}" id="{Encode(requirement.Id)}">
            <h3><span class="id">{Encode(requirement.Id)}</span> {Encode(requirement.Text)}</h3>
            <p class="meta">{requirement.Level.ToString().ToUpperInvariant()} · {Encode(requirement.Origin())} · {Length(result)}</p>

            """
        );
        if (result.Reason is { } reason)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"reason\">{Encode(reason)}</p>\n");
        if (result.Exchanges.Count > 0)
            Exchanges(page, result);
        page.Append("</article>\n");
    }

    private static void Exchanges(StringBuilder page, CheckResult result)
    {
        var open = result.Outcome == CheckOutcome.Failed ? " open" : "";
        page.Append(
            CultureInfo.InvariantCulture,
            $"<details{open}><summary>{result.Exchanges.Count} {(result.Exchanges.Count == 1 ? "exchange" : "exchanges")}</summary>\n"
        );
        foreach (var exchange in result.Exchanges)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"""
                <div class="exchange"><p>{exchange.At:HH:mm:ss.fff} {(exchange.IsOurs ? "checker → peer" : "peer → checker")}</p>
                <pre>{Encode(exchange.Request.Trim())}</pre><pre class="answer">{Encode(exchange.Answer.Trim())}</pre></div>

                """
            );
        }

        page.Append("</details>\n");
    }

    private static string Length(CheckResult result) =>
        result.Duration == TimeSpan.Zero ? "not run" : string.Create(CultureInfo.InvariantCulture, $"{result.Duration.TotalSeconds:0.0} s");

    // Characters that a page cannot show are marked, so that nothing in a peer's bytes can hide.
    private static string Encode(string text) =>
        WebUtility.HtmlEncode(string.Concat(text.Select(c => char.IsControl(c) && c is not ('\n' or '\t') ? '\uFFFD' : c)));

    private static string ReadStyle()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
