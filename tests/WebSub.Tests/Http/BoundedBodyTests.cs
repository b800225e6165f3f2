namespace WebSub.Http;

public sealed class BoundedBodyTests
{
    private static readonly byte[] Body = [.. Enumerable.Range(0, 40_000).Select(i => (byte)i)];

    [Theory]
    [InlineData(40_000)]
    [InlineData(40_001)]
    [InlineData(long.MaxValue)]
    public async Task Read_WithinTheLimit_GivesEveryByte(long limit) =>
        Assert.Equal(Body, await BoundedBody.ReadAsync(new Trickle(Body), limit, default));

    [Theory]
    [InlineData(39_999)]
    [InlineData(0)]
    public async Task Read_BeyondTheLimit_GivesNull(long limit) =>
        Assert.Null(await BoundedBody.ReadAsync(new Trickle(Body), limit, default));

    [Fact]
    public async Task Read_Empty_IsEmpty() => Assert.Empty((await BoundedBody.ReadAsync(Stream.Null, 0, default))!);

    [Theory]
    [InlineData(10, 10)]
    [InlineData(40_000, 40_000)]
    [InlineData(50_000, 40_000)]
    public async Task ReadStart_AnyLimit_GivesThatMuch(int limit, int expected)
    {
        var stream = new Trickle(Body);

        var start = await BoundedBody.ReadStartAsync(stream, limit, default);

        Assert.Equal(Body[..expected], start);
        Assert.True(stream.Position <= limit);
    }

    /// <summary>Gives few bytes at a time, as a network does.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1000)], cancellationToken);
    }
}
