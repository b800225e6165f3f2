using System.Text;
using WebSub.Hub.Publishing;
using Xunit;

namespace WebSub.Hub.Tests.Publishing;

[Trait("Req", "H26")]
public sealed class FeedDiffTests
{
    private const string A = "<entry><id>a</id><title>A é</title></entry>";
    private const string B = "<entry><id>b</id><title>B</title></entry>";

    [Fact]
    public void Between_ANewEntry_KeepsIt_AndTheFeedsOwnMetadata()
    {
        var diff = Between(Atom(A), Atom(B + "\n  " + A));

        Assert.Contains("<title>Feed</title>", diff, StringComparison.Ordinal);
        Assert.Contains("<id>b</id>", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("<id>a</id>", diff, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_AChangedEntry_KeepsItWithItsExactId()
    {
        var diff = Between(Atom(A + B), Atom(A + B.Replace(">B<", ">B, updated<", StringComparison.Ordinal)));

        Assert.Contains("<entry><id>b</id><title>B, updated</title></entry>", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("A é", diff, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_Rss_KnowsItemsByGuid()
    {
        var diff = Between(Rss("<item><guid>1</guid></item>"), Rss("<item><guid>2</guid></item><item><guid>1</guid></item>"));

        Assert.Contains("<guid>2</guid>", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("<guid>1</guid>", diff, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_Rss1_KnowsItemsBeside_TheChannel()
    {
        static string Rdf(string items) => $"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\"><channel/>{items}</rdf:RDF>";

        var diff = Between(Rdf("<item rdf:about=\"1\"/>"), Rdf("<item rdf:about=\"1\"/><item rdf:about=\"2\"/>"));

        Assert.Contains("about=\"2\"", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("about=\"1\"", diff, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<feed xmlns=\"http://www.w3.org/2005/Atom\">", "broken")]
    [InlineData("<a/>", "no feed")]
    [InlineData("<!DOCTYPE x [<!ENTITY e \"e\">]><feed xmlns=\"http://www.w3.org/2005/Atom\">&e;</feed>", "a DTD")]
    [InlineData("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>a</id><title>A é</title></entry><entry><id>c</id></entry></feed>", "another encoding")]
    public void Between_WhatIsNoCleanFeed_IsNull(string after, string why)
    {
        var diff = FeedDiff.Between(Encoding.UTF8.GetBytes(Atom(A)), Encoding.UTF8.GetBytes(after));

        Assert.True(diff is null, why);
    }

    [Fact]
    public void Between_OnlyNewEntries_OrOnlyOldOnes_IsNull()
    {
        Assert.Null(FeedDiff.Between(Encoding.UTF8.GetBytes(Atom(A)), Encoding.UTF8.GetBytes(Atom(B))));
        Assert.Null(FeedDiff.Between(Encoding.UTF8.GetBytes(Atom(A)), Encoding.UTF8.GetBytes(Atom(A).Replace("Feed", "Renamed", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Between_ThousandsOfEntries_ComesBackQuickly_AndMoreHaveNoDiff()
    {
        static string Entries(int count, string title) => string.Concat(Enumerable.Range(0, count).Select(i => $" <entry><id>{i}</id><title>{(i % 2 == 0 ? title : "same")}</title></entry>"));

        var diff = Task.Run(() => Between(Atom(Entries(5000, "old")), Atom(Entries(5000, "new"))));
        var tooMany = FeedDiff.Between(Encoding.UTF8.GetBytes(Atom(Entries(66_000, "old"))), Encoding.UTF8.GetBytes(Atom(Entries(66_000, "new"))));

        Assert.Equal(2500, (await diff.WaitAsync(HubHost.Deadline)).Split("<entry>").Length - 1);
        Assert.Null(tooMany);
    }

    [Theory]
    [InlineData("application/atom+xml", true)]
    [InlineData("text/xml; charset=UTF-8", true)]
    [InlineData("application/rss+xml;charset=\"utf-8\"", true)]
    [InlineData("application/xml; charset=iso-8859-1", false)]
    [InlineData("text/html", false)]
    [InlineData(null, false)]
    public void MayBeFeed_ReadsTypeAndCharset(string? contentType, bool expected)
    {
        var result = FeedDiff.MayBeFeed(contentType);

        Assert.Equal(expected, result);
    }

    private static string Between(string before, string after) => Encoding.UTF8.GetString(FeedDiff.Between(Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after))!);

    private static string Atom(string entries) => $"<?xml version=\"1.0\" encoding=\"utf-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Feed</title>{entries}</feed>";

    private static string Rss(string items) => $"<rss version=\"2.0\"><channel><title>Feed</title>{items}</channel></rss>";
}
