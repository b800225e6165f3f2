using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;

namespace WebSub.Protocol;

[Trait("Req", "D15")]
public sealed class LinkHeaderTests
{
    [Theory]
    [InlineData("<https://hub.example/>; rel=\"hub\"", "https://hub.example/ hub")]
    [InlineData("<https://hub.example/>; rel=hub", "https://hub.example/ hub")]
    [InlineData("<https://hub.example/>;rel=hub", "https://hub.example/ hub")]
    [InlineData("  <https://hub.example/>  ;  rel = \"hub\"  ", "https://hub.example/ hub")]
    [InlineData("< https://hub.example/ >; REL=\"hub\"", "https://hub.example/ hub")]
    [InlineData("<a>; rel=hub, <b>; rel=self", "a hub|b self")]
    [InlineData("<a>; rel=hub,<b>; rel=self", "a hub|b self")]
    [InlineData("<a>; rel=\"hub self\"", "a hub self")]
    [InlineData("<a>; rel=\" hub   self \"", "a hub self")]
    [InlineData("<a,b;c>; rel=hub", "a,b;c hub")]
    [InlineData("<a>; title=\"x, y; <z>; rel=self\"; rel=hub", "a hub")]
    [InlineData("<a>; title=\"say \\\"hi\\\", you\"; rel=hub, <b>; rel=self", "a hub|b self")]
    [InlineData("<a>; rel=hub; rel=self", "a hub")]
    [InlineData("<a>; rel=\"\"; rel=self", "a ")]
    [InlineData("<a>; rel=hub; anchor=\"https://other.example/\", <b>; rel=self", "b self")]
    [InlineData("<a>; anchor=\"#part\"; rel=hub", "")]
    [InlineData("<a>; rev=hub", "a ")]
    [InlineData("<a>", "a ")]
    [InlineData("<a>; rel", "a ")]
    [InlineData("<a>; crossorigin; rel=hub", "a hub")]
    [InlineData("<a>; title*=UTF-8''%e2%82%ac; rel=hub", "a hub")]
    [InlineData("<a>; rel=\"hub\"junk; title=x, <b>; rel=self", "a hub|b self")]
    [InlineData("<a> junk; rel=hub, <b>; rel=self", "a |b self")]
    [InlineData("<>; rel=\"self\"", " self")]
    [InlineData("<a>; rel=\"hub", "a hub")]
    [InlineData("<a; rel=hub", "")]
    [InlineData(",,, <a>; rel=hub,,", "a hub")]
    [InlineData("junk, <a>; rel=hub", "a hub")]
    [InlineData("\"<x>; rel=hub, \" , <a>; rel=self", "a self")]
    [InlineData("https://hub.example/; rel=hub", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Parse_OneLine_GivesTargetsAndRelations(string? header, string expected)
    {
        var links = LinkHeader.Parse(header);

        Assert.Equal(expected, string.Join('|', links.Select(l => $"{l.Target} {string.Join(' ', l.Relations)}")));
    }

    [Fact]
    public void Parse_SeveralLines_GivesAllInOrder()
    {
        var links = LinkHeader.Parse(["<a>; rel=hub, <b>; rel=hub", null, "<c>; rel=self"]);

        Assert.Equal(["a", "b", "c"], links.Select(l => l.Target));
    }

    [Theory]
    [InlineData("hub", true)]
    [InlineData("HUB", true)]
    [InlineData("self", false)]
    public void Has_RelationInAnyCase_IsFound(string relation, bool expected)
    {
        var link = LinkHeader.Parse("<a>; rel=\"next Hub\"")[0];

        Assert.Equal(expected, link.Has(relation));
    }

    [Fact]
    [Trait("Req", "H27")]
    public void Write_HubsAndSelf_IsOneLine()
    {
        var header = LinkHeader.Write(["https://hub.example/", "https://other.example/?a=1,2"], "https://blog.example/feed");

        Assert.Equal(
            "<https://hub.example/>; rel=\"hub\", <https://other.example/?a=1,2>; rel=\"hub\", <https://blog.example/feed>; rel=\"self\"",
            header
        );
    }

    [Fact]
    public void Write_HostileTopic_CannotLeaveItsBrackets()
    {
        var header = LinkHeader.Write(["https://hub.example/"], "a>; rel=hub\r\nSet-Cookie: x, <\"é");

        var self = LinkHeader.Parse(header)[1];
        Assert.Equal("a%3E;%20rel=hub%0D%0ASet-Cookie:%20x,%20%3C%22%C3%A9", self.Target);
        Assert.Equal(2, LinkHeader.Parse(header).Count);
        Assert.True(System.Text.Ascii.IsValid(header));
    }

    [Fact]
    public void Parse_WhatWasWritten_GivesItBack()
    {
        const string Allowed = "abcXYZ019-._~:/?#[]@!$&'()*+,;=%";
        var target = Gen.NonEmptyListOf(Gen.Elements(Allowed.ToCharArray())).Select(c => new string([.. c]));
        var property = Prop.ForAll(
            Gen.ListOf(target).ToArbitrary(),
            target.ToArbitrary(),
            (hubs, self) =>
            {
                var links = LinkHeader.Parse(LinkHeader.Write(hubs, self));
                return links.Where(l => l.Has("hub")).Select(l => l.Target).SequenceEqual(hubs)
                    && links.Single(l => l.Has("self")).Target == self;
            }
        );

        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true), property);
    }

    [Fact]
    public void Parse_AnyText_NeverThrows()
    {
        const string Alphabet = "<>;,=\"\\ \t\r\nrelhubsanchor*'%é";
        var text = Gen.ListOf(Gen.Elements(Alphabet.ToCharArray())).Select(c => new string([.. c]));
        var property = Prop.ForAll(
            text.ToArbitrary(),
            t => LinkHeader.Parse(t).All(l => !l.Target.Contains('>', StringComparison.Ordinal))
        );

        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(5000), property);
    }

    [Fact]
    public void Parse_MutatedHeaders_NeverThrowsNorGrows()
    {
        var random = new Random(20180123);
        const string Seed =
            "<https://hub.example/a?b=c>; rel=\"hub self\"; title=\"a, \\\"b\\\"\"; anchor=\"#x\", </feed>; rel=self; type=text/html";
        for (var round = 0; round < 20_000; round++)
        {
            var text = Seed.ToCharArray();
            for (var edits = random.Next(1, 6); edits > 0; edits--)
                text[random.Next(text.Length)] = Seed[random.Next(Seed.Length)];
            var header = new string(text, 0, random.Next(text.Length + 1));

            var links = LinkHeader.Parse(header);

            Assert.True(links.Sum(l => l.Target.Length + l.Relations.Sum(r => r.Length)) <= header.Length);
        }
    }

    [Theory]
    [InlineData("<")]
    [InlineData("<a>;")]
    [InlineData("\"")]
    [InlineData("\\\"")]
    [InlineData("<a>,")]
    [InlineData(",")]
    [InlineData("<a>; rel=\"")]
    [InlineData("<a>; x=\"\\")]
    [InlineData(" ")]
    public void Parse_AMegabyteOfTheSame_TakesLinearTime(string piece)
    {
        var header = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        var watch = Stopwatch.StartNew();

        LinkHeader.Parse(header);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
    }
}
