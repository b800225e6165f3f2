namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>An HTTP answer as it came over the wire.</summary>
internal sealed record RawResponse(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public static RawResponse Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.True(end > 0, $"The answer is no HTTP: \"{text}\"");
        var lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).GroupBy(p => p[0], StringComparer.OrdinalIgnoreCase);
        return new(
            int.Parse(lines[0].Split(' ')[1]),
            headers.ToDictionary(g => g.Key, g => string.Join(", ", g.Select(p => p[1])), StringComparer.OrdinalIgnoreCase),
            text[(end + 4)..]
        );
    }

    /// <summary>Asserts that this refuses with one sentence of plain text that has these words (H10).</summary>
    public void AssertRefused(int status, params string[] words)
    {
        Assert.Equal(status, Status);
        Assert.Equal("text/plain; charset=utf-8", Headers.GetValueOrDefault("Content-Type"));
        Assert.Matches(@"\A\S[^\n]{10,2500}\.\n\z", Body);
        Assert.All(words, w => Assert.Contains(w, Body, StringComparison.Ordinal));
    }
}
