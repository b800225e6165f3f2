namespace WebSub.Conformance.Checks;

/// <summary>A request and its answer, as text for people: secrets and keys are taken out, and long bodies cut.</summary>
/// <param name="At">When the request was sent or came.</param>
/// <param name="IsOurs">True if the checker sent it, false if it came from the peer.</param>
/// <param name="Request">Request line, headers and body.</param>
/// <param name="Answer">Status, headers and body; or why there is none.</param>
public sealed record Exchange(DateTimeOffset At, bool IsOurs, string Request, string Answer);
