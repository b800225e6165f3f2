namespace WebSub.Publisher.Links;

public sealed class TopicSpellingTests
{
    [Theory]
    [InlineData("https://blog.example/feed", "https://blog.example/feed")]
    [InlineData("https://blog.example/für/feed", "https://blog.example/f%C3%BCr/feed")]
    [InlineData("https://blog.example/f%c3%bcr/feed", "https://blog.example/f%C3%BCr/feed")]
    [InlineData("https://blog.example/%7Ea?x=%7Eb&y=ü", "https://blog.example/~a?x=%7Eb&y=%C3%BC")]
    [InlineData("https://blog.example/a%3Fb", "https://blog.example/a%3Fb")]
    [InlineData("https://blog.example/\"q\"<b>", "https://blog.example/%22q%22%3Cb%3E")]
    [InlineData("https://other.example/%7Ea/ü", "https://other.example/%7Ea/%C3%BC")]
    [InlineData("größe", "größe")]
    public void Of_AnyTopic_IsWhatARequestForItIsCalled(string topic, string expected)
    {
        var once = TopicSpelling.Of(topic, "https://blog.example");
        var twice = TopicSpelling.Of(once, "https://blog.example");

        Assert.Equal(expected, once);
        Assert.Equal(once, twice);
    }
}
