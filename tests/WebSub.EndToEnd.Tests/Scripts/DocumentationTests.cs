using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Scripts;

/// <summary>The documentation site, built as a reader of the clone builds it.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public async Task Docs_Built_HasEveryPageAndTheApiWithoutAWarning()
    {
        var result = await CliProcess.RunProgramAsync(
            "bash",
            [Path.Combine(Repository.Root, "docs.sh")],
            workingDirectory: Path.GetTempPath(),
            deadline: TimeSpan.FromMinutes(5)
        );

        var site = Path.Combine(Repository.Root, "artifacts", "docs", "site");
        Assert.True(result.ExitCode == 0, string.Join('\n', result.Error));
        Assert.StartsWith("The site is in ", Assert.Single(result.Error), StringComparison.Ordinal);
        var docs = Path.Combine(Repository.Root, "docs");
        foreach (var page in Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories))
            Assert.True(File.Exists(Path.Combine(site, Path.ChangeExtension(Path.GetRelativePath(docs, page), ".html"))), page);
        var api = await File.ReadAllTextAsync(Path.Combine(site, "api", "WebSub.Subscriber.IWebSubHandler.html"));
        Assert.Contains("HandleAsync", api, StringComparison.Ordinal);
    }
}
