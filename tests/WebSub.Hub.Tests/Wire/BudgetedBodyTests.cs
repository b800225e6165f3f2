using System.IO.Pipelines;
using WebSub.Wire;
using WebSub.Work;
using Xunit;

namespace WebSub.Hub.Tests.Wire;

public sealed class BudgetedBodyTests
{
    private const int Free = 32 * 1024;
    private const int Limit = 1024 * 1024;
    private readonly ByteBudget _budget = new(maxBytes: 8 * Limit);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData(Free - 1)]
    [InlineData(Free)]
    [InlineData(Free + 1)]
    [InlineData(Limit)]
    public async Task Body_UpToTheLimit_IsReadWhole(int length)
    {
        var body = Enumerable.Range(0, length).Select(i => (byte)(i * 31 / 7)).ToArray();

        using var read = await ReadAsync(new MemoryStream(body));

        Assert.Equal(body, read.Bytes);
    }

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(Free + 1, 2 * Limit)]
    public async Task Body_ThatIsLarge_TakesRoomUntilItIsDisposed(int length, long expected)
    {
        var read = await ReadAsync(new MemoryStream(new byte[length]));
        var held = _budget.Taken;

        read.Dispose();

        Assert.Equal((expected, 0), (held, _budget.Taken));
    }

    [Fact]
    public async Task Body_ThatSaysHowLongItIs_TakesThatTwice()
    {
        using var read = await ReadAsync(new MemoryStream(new byte[100_000]), announced: 100_000);

        Assert.Equal(200_000, _budget.Taken);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Limit + 1L)]
    public async Task Body_OverTheLimit_IsNoneAndHoldsNothing(long? announced)
    {
        using var read = await ReadAsync(new MemoryStream(new byte[Limit + 1]), announced);

        Assert.Null(read.Bytes);
        Assert.Equal(0, _budget.Taken);
    }

    [Fact]
    public async Task Bodies_ThatDrip_HoldTheirFirst32KbAndWaitForTheRest()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var pipes = Enumerable.Range(0, 100).Select(_ => new Pipe(new PipeOptions(pauseWriterThreshold: 0))).ToList();
        var reads = pipes.ConvertAll(p =>
            BudgetedBody.ReadAsync(p.Reader.AsStream(), Limit, null, _budget, $"{p.GetHashCode()}", cancellation.Token)
        );

        foreach (var pipe in pipes)
            await pipe.Writer.WriteAsync(new byte[Free], Cancelled);
        while (_budget.Waiting < pipes.Count - 4)
            await Task.Yield();
        var held = _budget.Taken;
        await cancellation.CancelAsync();
        var ended = await Task.WhenAll(reads.Select(r => r.ContinueWith(t => t.IsCanceled, TaskScheduler.Default)));

        Assert.Equal(8 * Limit, held);
        Assert.All(ended, Assert.True);
        Assert.Equal(0, _budget.Taken);
    }

    private Task<BudgetedBytes> ReadAsync(Stream body, long? announced = null) =>
        BudgetedBody.ReadAsync(body, Limit, announced, _budget, "peer", Cancelled);
}
