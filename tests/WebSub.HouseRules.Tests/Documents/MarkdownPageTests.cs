namespace WebSub.HouseRules.Tests.Documents;

/// <summary>The other tests of pages can only fail if this is read right.</summary>
public sealed class MarkdownPageTests
{
    [Fact]
    public void Links_InText_AreFound_AndNotInCode()
    {
        var page = new MarkdownPage("See [a](a.txt#x), ![b](<b.png>) and `[c](c.txt)`.\n\n```text\n[d](d.txt)\n```\n\n[e]: e.txt\n");

        Assert.Equal(["a.txt#x", "b.png", "e.txt"], page.Links);
    }

    [Fact]
    public void Anchors_OfHeadingsAndNames_AreThoseOfGitHub()
    {
        var page = new MarkdownPage(
            "# Who may `call`, and how?\n## Same\n## Same\n## [A](a.txt) & b\n<a id=\"s15\"></a>\n```sh\n# no heading\n```\n"
        );

        Assert.Equal(["a--b", "s15", "same", "same-1", "who-may-call-and-how"], page.Anchors.Order(StringComparer.Ordinal));
    }
}
