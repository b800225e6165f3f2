namespace WebSub.Http;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("120", 120.0)]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("Fri, 02 Jan 2026 03:05:05 GMT", 60.0)]
    [InlineData("Fri, 02 Jan 2026 03:04:05 GMT", null)]
    [InlineData("Thu, 01 Jan 2026 03:04:05 GMT", null)]
    [InlineData(null, null)]
    public void Read_EitherForm_GivesTheWait(string? header, double? seconds)
    {
        using var response = new HttpResponseMessage();
        if (header is not null)
            response.Headers.TryAddWithoutValidation("Retry-After", header);

        var wait = RetryAfter.Read(response, Now);

        Assert.Equal(seconds, wait?.TotalSeconds);
    }
}
