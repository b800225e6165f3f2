namespace WebSub.HouseRules.Tests.LogEvents;

/// <summary>docs/reference/log-events.md has each log event as the code writes it.</summary>
public sealed class LogEventTests
{
    [Fact]
    public void Page_AndCode_HaveTheSameEvents()
    {
        var page = LogEvent.OfThePage(File.ReadAllText(Repository.File("docs/reference/log-events.md")));
        var code = LogEvent.OfTheCode();

        var missing = code.Except(page).Select(e => $"not on the page: {e}");
        var wrong = page.Except(code).Select(e => $"not in the code: {e}");

        Assert.True(code.Count > 40, $"{code.Count} events");
        Findings.AssertNone(missing.Concat(wrong));
    }

    [Fact]
    public void Page_HasEachEventOnce_InOrder()
    {
        var page = LogEvent.OfThePage(File.ReadAllText(Repository.File("docs/reference/log-events.md")));

        Assert.All(page.GroupBy(e => e.Package), p => Assert.Equal(p.Select(e => e.Id).Distinct().Order(), p.Select(e => e.Id)));
    }

    [Fact]
    public void Ids_AreUniqueWithinAPackage()
    {
        var twice = LogEvent.OfTheCode().GroupBy(e => (e.Package, e.Id)).Where(g => g.Count() > 1).Select(g => string.Join(", ", g));

        Findings.AssertNone(twice);
    }

    /// <summary>The generator writes several classes of a project in an order of chance, and no two packages would be the same.</summary>
    [Fact]
    public void GeneratedLogMethods_OfAProject_StandInOneFile()
    {
        var files = Repository
            .FilesWith(".cs")
            .Where(f => Repository.Name(f).StartsWith("src/", StringComparison.Ordinal))
            .Where(f => File.ReadAllText(f).Contains("[LoggerMessage(", StringComparison.Ordinal))
            .Select(Repository.Name)
            .ToList();

        var several = files.GroupBy(f => f.Split('/')[1]).Where(g => g.Count() > 1 || g.Key == "Shared").Select(g => string.Join(", ", g));

        Assert.NotEmpty(files);
        Findings.AssertNone(several);
    }
}
