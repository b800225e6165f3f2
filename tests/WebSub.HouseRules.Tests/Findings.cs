namespace WebSub.HouseRules.Tests;

/// <summary>What breaks a house rule, all of it in one message.</summary>
internal static class Findings
{
    /// <summary>Fails with the findings, a line each, unless there are none.</summary>
    public static void AssertNone(IEnumerable<object> findings)
    {
        var lines = findings.Select(f => $"{f}").Distinct(StringComparer.Ordinal).ToList();
        if (lines.Count > 0)
            Assert.Fail(string.Join('\n', [$"{lines.Count} to correct:", .. lines]));
    }
}
