using WebSub.Hub.Delivery.Lanes;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;
using WebSub.Secrets;
using WebSub.Signatures;
using Xunit;

namespace WebSub.Hub.Tests.Delivery.Lanes;

/// <summary>Rule 33: what a run has left counts for the next one only if nothing has happened to the lane since.</summary>
public sealed class LaneCacheTests
{
    private static readonly LaneRow Lane = new()
    {
        Id = new(7),
        TopicId = new(1),
        TopicUrl = "https://publisher.example/feed",
        Cursor = 3,
        Head = 4,
        MembersVersion = 5,
        Size = 2,
        Epoch = 9,
    };
    private readonly LaneCache _cache = new();

    [Theory]
    [InlineData(false, 9)]
    [InlineData(true, 10)]
    public void Take_OfALaneThatNothingHappenedTo_GivesWhatWasLeft(bool claimed, long epoch)
    {
        var left = Loaded();
        _cache.Keep(left, epoch: 9);

        var taken = _cache.Take(Lane with { Cursor = 4, Head = 6, Epoch = epoch }, claimed);

        Assert.Same(left, taken);
    }

    [Theory]
    [InlineData(6, 2, 0, 9)]
    [InlineData(5, 3, 0, 9)]
    [InlineData(5, 2, 1, 9)]
    [InlineData(5, 2, 0, 10)]
    public void Take_OfALaneThatChanged_GivesNothing(long version, long size, long patterns, long epoch)
    {
        _cache.Keep(Loaded(), epoch: 9);

        var taken = _cache.Take(Lane with { MembersVersion = version, Size = size, Patterns = patterns, Epoch = epoch }, claimed: false);

        Assert.Null(taken);
    }

    [Fact]
    public void Take_WhileARunHasIt_OrAfterOneThatLeftItChanged_GivesNothing()
    {
        _cache.Keep(Loaded(), epoch: 9);

        var first = _cache.Take(Lane, claimed: false);
        var second = _cache.Take(Lane, claimed: false);

        Assert.NotNull(first);
        Assert.Null(second);
    }

    private static LoadedLane Loaded()
    {
        using var secrets = new SecretOpener(new byte[32]);
        return LoadedLane.Read(
            Lane,
            TopicHeaders.For(new(1), Lane.TopicUrl, "https://hub.example/hub"),
            [],
            secrets,
            SignatureMethod.Sha256
        );
    }
}
