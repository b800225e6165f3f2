namespace WebSub.Wire;

/// <summary>A body that was read, and the room that it takes; disposed once the body is stored.</summary>
/// <param name="Bytes">The body; null if it is too large.</param>
/// <param name="Room">The room it takes; null if it is small.</param>
internal sealed record BudgetedBytes(byte[]? Bytes, IDisposable? Room) : IDisposable
{
    /// <summary>There are more bytes than are allowed.</summary>
    public static BudgetedBytes TooLarge { get; } = new(null, null);

    public void Dispose() => Room?.Dispose();
}
