using WebSub.Hub.Storage;
using WebSub.Storage;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

public sealed class CachedAnswerTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);

    [Theory]
    [InlineData("Age: 100|Cache-Control: max-age=160", 60)]
    [InlineData("Age: 100|Cache-Control: max-age=10, s-maxage=400", 300)]
    [InlineData("Age: 100|Date: Thu, 01 Jan 2026 00:00:00 GMT|Expires: Thu, 01 Jan 2026 00:03:00 GMT", 80)]
    [InlineData("Age: 100", 60)]
    [InlineData("Age: 100|Cache-Control: max-age=90", 30)]
    [InlineData("Age: 100|Cache-Control: max-age=1000000", 3600)]
    [InlineData("Age: 29|Cache-Control: max-age=60", null)]
    [InlineData("Age: 0|Cache-Control: max-age=60", null)]
    [InlineData("Cache-Control: max-age=60", null)]
    [InlineData("Age: soon", null)]
    public void LookAgain_AfterAPingOf30SecondsAgo_IsWhenTheCacheWillHaveAsked(string headers, int? seconds)
    {
        using var response = new HttpResponseMessage();
        foreach (var header in headers.Split('|'))
        {
            var (name, value) = (
                header[..header.IndexOf(':', StringComparison.Ordinal)],
                header[(header.IndexOf(' ', StringComparison.Ordinal) + 1)..]
            );
            if (!response.Headers.TryAddWithoutValidation(name, value))
                response.Content.Headers.TryAddWithoutValidation(name, value);
        }

        var now = DatabaseTime.From(Now);
        var look = CachedAnswer.Of(response, Now)?.LookAgain(now - TimeSpan.FromSeconds(30), now);

        Assert.Equal(seconds, look is { } at ? (int)(at - now).TotalSeconds : null);
    }

    [Theory]
    [InlineData(600, 600)]
    [InlineData(90_000, null)]
    public void LookAgain_CacheThatStaysAsItIs_IsAskedLessAndLess_ForADay(int sincePing, int? seconds)
    {
        var now = DatabaseTime.From(Now);

        var look = new CachedAnswer(TimeSpan.FromDays(3), null).LookAgain(now - TimeSpan.FromSeconds(sincePing), now);

        Assert.Equal(seconds, look is { } at ? (int)(at - now).TotalSeconds : null);
    }
}
