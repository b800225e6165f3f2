using FsCheck;
using FsCheck.Fluent;

namespace WebSub.Values;

public sealed class VerbatimUrlTests
{
    [Theory]
    [InlineData("http://a", "http://a/")]
    [InlineData("HTTP://Blog.Example:80/%7Ea/../b", "http://blog.example/%7Ea/../b")]
    [InlineData("https://bücher.example/ü", "https://bücher.example/%C3%BC")]
    [InlineData("http://[::1]:8080?x=1", "http://[::1]:8080/?x=1")]
    [InlineData("https://a/b#c", "https://a/b")]
    [InlineData("https://user:pass@a/b", "https://user:pass@a/b")]
    public void TryCreate_HttpUrl_IsTaken(string text, string expected)
    {
        var created = VerbatimUrl.TryCreate(text, out var uri, out var error);

        Assert.True(created, error);
        Assert.Equal(expected, uri!.AbsoluteUri.Replace("xn--bcher-kva", "bücher", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("", "is missing")]
    [InlineData("/feed", "must be an absolute http or https URL")]
    [InlineData("//a/feed", "must be an absolute http or https URL")]
    [InlineData("feed", "must be an absolute http or https URL")]
    [InlineData("http:", "must be an absolute http or https URL")]
    [InlineData("http:/a", "must be an absolute http or https URL")]
    [InlineData("http://", "must be an absolute http or https URL")]
    [InlineData("http:///a", "must be an absolute http or https URL")]
    [InlineData("http://?x", "must be an absolute http or https URL")]
    [InlineData("http://a:99999/", "must be an absolute http or https URL")]
    [InlineData("http://a:x/", "must be an absolute http or https URL")]
    [InlineData("http://[::1/", "must be an absolute http or https URL")]
    [InlineData("ftp://a/", "must be an absolute http or https URL")]
    [InlineData("javascript:alert(1)", "must be an absolute http or https URL")]
    [InlineData("file:///etc/passwd", "must be an absolute http or https URL")]
    [InlineData("http://a/b c", "contains a space or a control character; percent-encode it")]
    [InlineData(" http://a/", "contains a space or a control character; percent-encode it")]
    [InlineData("http://a/\r\nX: y", "contains a space or a control character; percent-encode it")]
    [InlineData("http://a/\u007f", "contains a space or a control character; percent-encode it")]
    [InlineData("http://a\\@b/", "contains a backslash; percent-encode it")]
    [InlineData("http://a/\u202egpj", "contains a control character or one that changes the direction of text; percent-encode it")]
    [InlineData("http://a/\u2028", "contains a control character or one that changes the direction of text; percent-encode it")]
    [InlineData("http://a/\u0085", "contains a control character or one that changes the direction of text; percent-encode it")]
    [InlineData("http://xn--é/", "has a host that is not a valid name")]
    public void TryCreate_AnythingElse_SaysWhatIsWrong(string? text, string expected)
    {
        Assert.False(VerbatimUrl.TryCreate(text, out var uri, out var error));
        Assert.Null(uri);
        Assert.Equal(expected, error);
    }

    [Fact]
    public void TryCreate_LengthInBytes_IsLimited()
    {
        var longest = "http://a/" + new string('x', 2039);

        Assert.True(VerbatimUrl.TryCreate(longest, out _, out _));
        Assert.False(VerbatimUrl.TryCreate(longest + "x", out _, out var error));
        Assert.Equal("is longer than 2048 bytes", error);
        Assert.False(VerbatimUrl.TryCreate("http://a/" + new string('é', 1020), out _, out _));
    }

    [Theory]
    [Trait("Req", "H16")]
    [InlineData("http://a/b", "http://a/b?hub.mode=x")]
    [InlineData("http://a", "http://a?hub.mode=x")]
    [InlineData("http://a/b?", "http://a/b?hub.mode=x")]
    [InlineData("http://a/b?c=d", "http://a/b?c=d&hub.mode=x")]
    [InlineData("http://a/b?c=d&", "http://a/b?c=d&hub.mode=x")]
    [InlineData("http://a/b?hub.mode=own", "http://a/b?hub.mode=own&hub.mode=x")]
    [InlineData("http://a/b?c#d", "http://a/b?c&hub.mode=x")]
    public void WithQuery_AnyUrl_KeepsItsOwnQuery(string url, string expected) =>
        Assert.Equal(expected, VerbatimUrl.WithQuery(url, "hub.mode=x"));

    [Fact]
    public void TryCreate_AnyPathAndQuery_SurvivesByteForByte()
    {
        const string Allowed = "abcXYZ019-._~:/?[]@!$&'()*+,;=%<>\"{}|^`";
        var path = Gen.ListOf(Gen.Elements(Allowed.ToCharArray())).Select(c => "/" + new string([.. c]));
        var property = Prop.ForAll(
            path.ToArbitrary(),
            p => VerbatimUrl.TryCreate("http://blog.example" + p, out var uri, out _) && uri.PathAndQuery == p
        );

        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(2000), property);
    }

    [Fact]
    public void TryCreate_AnyText_NeverThrows()
    {
        var random = new Random(20180123);
        const string Seed = "https://user@bücher.example:8080/a/%7E?b=c#d[::1]";
        for (var round = 0; round < 20_000; round++)
        {
            var text = Seed.ToCharArray();
            for (var edits = random.Next(1, 6); edits > 0; edits--)
                text[random.Next(text.Length)] = random.Next(4) == 0 ? (char)random.Next(0x10000) : Seed[random.Next(Seed.Length)];

            var created = VerbatimUrl.TryCreate(new string(text, 0, random.Next(text.Length + 1)), out var uri, out var error);

            Assert.True(created ? uri!.Scheme is "http" or "https" : error is { Length: > 0 });
        }
    }
}
