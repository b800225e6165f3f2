using System.Text.RegularExpressions;

namespace WebSub.HouseRules.Tests.Documents;

/// <summary>A page in Markdown: its links, its anchors, and its text without code.</summary>
internal sealed partial class MarkdownPage
{
    public MarkdownPage(string text)
    {
        var prose = Fence().Replace(text, "\n");
        Anchors = Headings(prose)
            .Concat(NamedAnchor().Matches(prose).Select(m => m.Groups["name"].Value))
            .ToHashSet(StringComparer.Ordinal);
        Prose = CodeSpan().Replace(prose, "");
        Links = [.. Link().Matches(Prose).Select(m => m.Groups["target"].Value)];
    }

    /// <summary>The text without code.</summary>
    public string Prose { get; }

    /// <summary>The targets of its links and images.</summary>
    public IReadOnlyList<string> Links { get; }

    /// <summary>What a link may point to within it: headings, as GitHub names them, and named anchors.</summary>
    public IReadOnlySet<string> Anchors { get; }

    private static IEnumerable<string> Headings(string prose)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Match heading in Heading().Matches(prose))
        {
            var text = LinkText().Replace(heading.Groups["text"].Value.Trim(), "${text}");
            var slug = NotInSlug().Replace(text.ToLowerInvariant(), "").Replace(' ', '-');
            var before = seen.GetValueOrDefault(slug);
            seen[slug] = before + 1;
            yield return before == 0 ? slug : $"{slug}-{before}";
        }
    }

    [GeneratedRegex(
        @"^(?<fence>`{3,}|~{3,}).*?^\k<fence>[ \t]*$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Fence();

    [GeneratedRegex(@"(?<ticks>`+)(?!`).*?(?<!`)\k<ticks>(?!`)", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex CodeSpan();

    [GeneratedRegex(
        @"(?<=\]\()<?(?<target>[^\s()<>]+)|(?<=^\[[^\]\n]+\]:[ \t]*)(?<target>\S+)",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline
    )]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6}[ \t]+(?<text>.+?)[ \t#]*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"<a (id|name)=""(?<name>[^""]+)"">", RegexOptions.ExplicitCapture)]
    private static partial Regex NamedAnchor();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)", RegexOptions.ExplicitCapture)]
    private static partial Regex LinkText();

    [GeneratedRegex(@"[^\p{L}\p{N}\- _]", RegexOptions.ExplicitCapture)]
    private static partial Regex NotInSlug();
}
