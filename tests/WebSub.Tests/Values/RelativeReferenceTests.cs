namespace WebSub.Values;

public sealed class RelativeReferenceTests
{
    // RFC 3986 §5.4, with a base of its http kind.
    [Theory]
    [Trait("Req", "D13")]
    [InlineData("g", "http://a/b/c/g")]
    [InlineData("./g", "http://a/b/c/g")]
    [InlineData("g/", "http://a/b/c/g/")]
    [InlineData("/g", "http://a/g")]
    [InlineData("//g", "http://g")]
    [InlineData("?y", "http://a/b/c/d;p?y")]
    [InlineData("g?y", "http://a/b/c/g?y")]
    [InlineData("#s", "http://a/b/c/d;p?q#s")]
    [InlineData("g#s", "http://a/b/c/g#s")]
    [InlineData("g?y#s", "http://a/b/c/g?y#s")]
    [InlineData(";x", "http://a/b/c/;x")]
    [InlineData("g;x?y#s", "http://a/b/c/g;x?y#s")]
    [InlineData("", "http://a/b/c/d;p?q")]
    [InlineData(".", "http://a/b/c/")]
    [InlineData("./", "http://a/b/c/")]
    [InlineData("..", "http://a/b/")]
    [InlineData("../", "http://a/b/")]
    [InlineData("../g", "http://a/b/g")]
    [InlineData("../..", "http://a/")]
    [InlineData("../../", "http://a/")]
    [InlineData("../../g", "http://a/g")]
    [InlineData("../../../g", "http://a/g")]
    [InlineData("../../../../g", "http://a/g")]
    [InlineData("/./g", "http://a/g")]
    [InlineData("/../g", "http://a/g")]
    [InlineData("g.", "http://a/b/c/g.")]
    [InlineData(".g", "http://a/b/c/.g")]
    [InlineData("g..", "http://a/b/c/g..")]
    [InlineData("..g", "http://a/b/c/..g")]
    [InlineData("./../g", "http://a/b/g")]
    [InlineData("./g/.", "http://a/b/c/g/")]
    [InlineData("g/./h", "http://a/b/c/g/h")]
    [InlineData("g/../h", "http://a/b/c/h")]
    [InlineData("g;x=1/./y", "http://a/b/c/g;x=1/y")]
    [InlineData("g;x=1/../y", "http://a/b/c/y")]
    [InlineData("g?y/./x", "http://a/b/c/g?y/./x")]
    [InlineData("g?y/../x", "http://a/b/c/g?y/../x")]
    [InlineData("g#s/../x", "http://a/b/c/g#s/../x")]
    public void Resolve_ExamplesOfTheRfc_GiveItsAnswers(string reference, string expected) =>
        Assert.Equal(expected, RelativeReference.Resolve("http://a/b/c/d;p?q", reference));

    [Theory]
    [InlineData("HTTP://Example.COM:80/%7Ea/../b?x=%41#f")]
    [InlineData("https://example.com")]
    [InlineData("mailto:someone@example.com")]
    [InlineData("urn:x")]
    public void Resolve_AbsoluteReference_KeepsEveryByte(string reference) =>
        Assert.Equal(reference, RelativeReference.Resolve("http://a/b", $" {reference}\n"));

    [Theory]
    [InlineData("https://example.com", "feed", "https://example.com/feed")]
    [InlineData("https://example.com?x=/a/b", "feed", "https://example.com/feed")]
    [InlineData("https://example.com?x", "?y", "https://example.com/?y")]
    [InlineData("https://example.com/a/b?x=/c/d#/e/f", "%7Eg/é", "https://example.com/a/%7Eg/é")]
    [InlineData("https://example.com:8080/", "//other.example/x", "https://other.example/x")]
    [InlineData("https://example.com/a//b/c", "../d", "https://example.com/a//d")]
    public void Resolve_OtherBases_TouchesNothingElse(string baseUrl, string reference, string expected) =>
        Assert.Equal(expected, RelativeReference.Resolve(baseUrl, reference));
}
