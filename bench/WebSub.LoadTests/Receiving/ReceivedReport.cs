namespace WebSub.LoadTests.Receiving;

/// <summary>What the receiver saw.</summary>
/// <param name="Count">Good deliveries since the last <c>expect</c>.</param>
/// <param name="CompletedAt">When the last expected one came, on the machine's monotonic clock; 0 if it did not.</param>
/// <param name="Wrong">Deliveries with a wrong body or signature, since the start.</param>
/// <param name="OutOfOrder">Deliveries of an update older than one that the callback had, since the start.</param>
/// <param name="Duplicates">Deliveries of an update that the callback had just had, since the start.</param>
internal sealed record ReceivedReport(int Count, long CompletedAt, int Wrong, int OutOfOrder, int Duplicates)
{
    public bool IsComplete => CompletedAt != 0;

    public bool IsClean => Wrong + OutOfOrder + Duplicates == 0;
}
