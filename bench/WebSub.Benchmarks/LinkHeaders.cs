using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using WebSub.Protocol;

namespace WebSub.Benchmarks;

/// <summary>The Link header of a WordPress page with a hub: ours, and the regular expression of which many clients consist.</summary>
[MemoryDiagnoser]
public partial class LinkHeaders
{
    private const string Header =
        "<https://blog.example/wp-json/>; rel=\"https://api.w.org/\", <https://blog.example/wp-json/wp/v2/pages/12>; rel=\"alternate\"; "
        + "title=\"JSON, the page\"; type=\"application/json\", <https://blog.example/?p=12>; rel=shortlink, "
        + "<https://hub.example/>; rel=\"hub\", <https://blog.example/feed/>; rel=\"self\"";

    /// <summary>Both find the hub.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        if (Ours() != Naive())
            throw new InvalidOperationException("The two differ.");
    }

    /// <summary>All links by the grammar of RFC 8288, then those with the relation.</summary>
    [Benchmark]
    public string? Ours() => LinkHeader.Parse(Header).FirstOrDefault(l => l.Has("hub"))?.Target;

    /// <summary>The first text in angle brackets that is followed by the relation: wrong as soon as a parameter has a comma or a bracket.</summary>
    [Benchmark(Baseline = true)]
    public string? Naive() => Hub().Match(Header) is { Success: true } match ? match.Groups["target"].Value : null;

    [GeneratedRegex("""<(?<target>[^>]*)>\s*;\s*rel="?hub"?""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hub();
}
