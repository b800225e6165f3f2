using System.Text.RegularExpressions;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>The record of the mishaps that explanations were compared with.</summary>
public sealed partial class ExplanationsPageTests
{
    [Fact]
    public void Page_NamesEveryMishapThatIsPlayed_AndNoOther()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "docs", "operations", "explanations.md"));
        Type[] classes = [typeof(ExplainTests), typeof(ExplainDeliveryTests)];
        var played = classes
            .SelectMany(c => c.GetMethods())
            .Where(m => m.IsDefined(typeof(FactAttribute), inherit: true))
            .Select(m => m.Name);

        var named = TestPattern().Matches(page).Select(m => m.Groups[1].Value);

        Assert.Equal(played.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"(?m)\| `(\w+)` \|$")]
    private static partial Regex TestPattern();
}
