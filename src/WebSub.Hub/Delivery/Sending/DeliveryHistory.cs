namespace WebSub.Hub.Delivery.Sending;

/// <summary>What came before an attempt of an entry.</summary>
/// <param name="Attempts">Failed attempts that count.</param>
/// <param name="Answered">How many of them were answered with a status that speaks of the payload.</param>
/// <param name="NewerWaits">True if newer entries wait behind this one.</param>
/// <param name="IsExtra">
/// True if a newer entry caused this attempt before its scheduled time: it does not use up the schedule (rule 22).
/// </param>
/// <param name="Paused">The pause after the attempt before, if the subscriber asked for one.</param>
internal readonly record struct DeliveryHistory(
    long Attempts,
    long Answered,
    bool NewerWaits,
    bool IsExtra = false,
    TimeSpan? Paused = null
);
