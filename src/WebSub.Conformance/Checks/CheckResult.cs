namespace WebSub.Conformance.Checks;

/// <summary>What became of a check.</summary>
/// <param name="Requirement">What it is about.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">
/// What was wrong and what would be right, why it was skipped, or how far a check that passed could see; null if there is nothing to say.
/// </param>
/// <param name="Duration">How long it took.</param>
/// <param name="Exchanges">What was sent and received, in order.</param>
public sealed record CheckResult(
    Requirement Requirement,
    CheckOutcome Outcome,
    string? Reason,
    TimeSpan Duration,
    IReadOnlyList<Exchange> Exchanges
);
