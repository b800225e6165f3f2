namespace WebSub.Values;

public sealed class TopicTests
{
    [Theory]
    [Trait("Req", "X14")]
    [InlineData("https://blog.example")]
    [InlineData("https://Blog.example/%7Efeed?x#//css/path")]
    [InlineData("http://blog.example:80/лента")]
    public void TryParse_Topic_KeepsItsText(string text)
    {
        var parsed = Topic.TryParse(text, out var topic, out var error);

        Assert.True(parsed, error);
        Assert.Equal(text, topic!.Value);
        Assert.Equal(text, topic.ToString());
    }

    [Fact]
    public void Equals_SlashApart_IsAnother()
    {
        var one = Parse("http://a");
        var same = Parse("http://a");
        var other = Parse("http://a/");

        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void TryParse_NoUrl_SaysWhy()
    {
        Assert.False(Topic.TryParse("urn:x", out var topic, out var error));
        Assert.Null(topic);
        Assert.Equal("must be an absolute http or https URL", error);
    }

    private static Topic Parse(string text) =>
        Topic.TryParse(text, out var topic, out var error) ? topic : throw new ArgumentException(error, nameof(text));
}
