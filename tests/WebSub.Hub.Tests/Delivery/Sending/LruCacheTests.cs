using WebSub.Storage;
using Xunit;

namespace WebSub.Hub.Tests.Delivery.Sending;

public sealed class LruCacheTests
{
    private readonly LruCache<int, string> _cache = new(maxBytes: 30);

    [Fact]
    public void Set_BeyondTheLimit_LetsGoOfWhatWasUsedLeastRecently()
    {
        _cache.Set(1, "one", 10);
        _cache.Set(2, "two", 10);
        _cache.Set(3, "three", 10);

        _cache.Find(1);
        _cache.Set(4, "four", 10);

        Assert.Equal(new[] { "one", null, "three", "four" }, new[] { _cache.Find(1), _cache.Find(2), _cache.Find(3), _cache.Find(4) });
    }

    [Fact]
    public void Set_OfAKnownKey_CountsItOnce()
    {
        _cache.Set(1, "one", 10);
        _cache.Set(2, "two", 10);

        for (var i = 0; i < 5; i++)
            _cache.Set(2, $"two again {i}", 20);

        Assert.Equal(new[] { "one", "two again 4" }, new[] { _cache.Find(1), _cache.Find(2) });
    }

    [Fact]
    public void Set_OfWhatIsLargerThanTheCache_KeepsNothing()
    {
        _cache.Set(1, "one", 10);

        _cache.Set(2, "huge", 31);

        Assert.Equal((null, null), (_cache.Find(1), _cache.Find(2)));
    }
}
