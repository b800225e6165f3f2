namespace WebSub.Work;

public sealed class ByteBudgetTests
{
    private readonly ByteBudget _budget = new(maxBytes: 400);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Room_ThatIsTaken_IsGivenBackOnce()
    {
        var room = await _budget.TakeAsync(100, "a", Cancelled);
        var taken = _budget.Taken;

        room.Dispose();
        room.Dispose();

        Assert.Equal((100, 0), (taken, _budget.Taken));
    }

    [Fact]
    public async Task Holder_WithItsShare_Waits_WhileOthersPass()
    {
        var first = await _budget.TakeAsync(100, "a", Cancelled);
        var second = _budget.TakeAsync(50, "a", Cancelled).AsTask();

        using var other = await _budget.TakeAsync(100, "b", Cancelled);
        var waited = !second.IsCompleted;
        first.Dispose();
        using var admitted = await second;

        Assert.True(waited);
        Assert.Equal(150, _budget.Taken);
    }

    [Fact]
    public async Task Request_LargerThanAllTheRoom_IsLetInByItself_AndNotOvertaken()
    {
        var small = await _budget.TakeAsync(100, "a", Cancelled);
        var large = _budget.TakeAsync(1000, "b", Cancelled).AsTask();
        var late = _budget.TakeAsync(100, "c", Cancelled).AsTask();
        var waited = (large.IsCompleted, late.IsCompleted);

        small.Dispose();
        var admitted = await large;
        var (taken, stillWaits) = (_budget.Taken, !late.IsCompleted);
        admitted.Dispose();
        using var last = await late;

        Assert.Equal((false, false), waited);
        Assert.Equal((400, true), (taken, stillWaits));
    }

    [Fact]
    public async Task Waiting_ThatIsCancelled_TakesNothing()
    {
        using var all = await _budget.TakeAsync(400, "a", Cancelled);
        using var cancellation = new CancellationTokenSource();
        var waiting = _budget.TakeAsync(100, "b", cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal((400, 0), (_budget.Taken, _budget.Waiting));
    }
}
