using WebSub.Hub.Publishing;
using WebSub.Protocol;
using Xunit;

namespace WebSub.Hub.Tests.Publishing;

[Trait("Req", "X4")]
public sealed class PublishTopicsTests
{
    [Theory]
    [InlineData("hub.topic")]
    [InlineData("hub.url")]
    [InlineData("hub.url[]")]
    public void Read_AnyNameInUse_FindsTheTopic(string name)
    {
        var fields = new HubFields().Add(name, "http://a/");

        var (topics, error) = PublishTopics.Read(fields);

        Assert.Null(error);
        Assert.Equal("http://a/", Assert.Single(topics).Value);
    }

    [Fact]
    public void Read_RepeatedAndMixedNames_FindsEachOnce()
    {
        var fields = new HubFields().Add("hub.url", "http://a/").Add("hub.url", "http://b/").Add("hub.topic", "http://a/");

        var (topics, _) = PublishTopics.Read(fields);

        Assert.Equal(["http://a/", "http://b/"], topics.Select(t => t.Value).Order());
    }

    [Fact]
    public void Read_CommaBeforeAUrl_MayBeAList_AnotherCommaIsNot()
    {
        var fields = new HubFields().Add("hub.url", "http://a/?x=1,2,https://b/");

        var (topics, _) = PublishTopics.Read(fields);

        var topic = Assert.Single(topics);
        Assert.Equal("http://a/?x=1,2,https://b/", topic.Value);
        Assert.Equal(["http://a/?x=1,2", "https://b/"], topic.Parts);
    }

    [Theory]
    [InlineData(100, 0, false)]
    [InlineData(101, 0, true)]
    [InlineData(50, 51, true)]
    public void Read_MoreThanAHundredTopics_IsRefused(int repeated, int listed, bool refused)
    {
        var fields = new HubFields();
        for (var i = 0; i < repeated; i++)
            fields.Add("hub.url", $"http://a/{i}");
        if (listed > 0)
            fields.Add("hub.url", string.Join(",", Enumerable.Range(0, listed).Select(i => $"http://b/{i}")));

        var (topics, error) = PublishTopics.Read(fields);

        Assert.Equal(refused, error is not null);
        Assert.Equal(refused ? 0 : repeated, PublishTopics.Count(topics));
    }

    [Fact]
    public void Read_NoTopic_SaysWhatIsMissing()
    {
        var (_, error) = PublishTopics.Read(new HubFields().Add("hub.mode", "publish"));

        Assert.StartsWith("hub.topic is missing", error, StringComparison.Ordinal);
    }
}
