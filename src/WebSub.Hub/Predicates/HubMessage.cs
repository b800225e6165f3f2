namespace WebSub.Hub.Predicates;

/// <summary>A message that was found sound.</summary>
/// <param name="Reference">Its address: unguessable, given by the hub.</param>
/// <param name="Sender">Who sends it, for example a country code.</param>
/// <param name="SenderRef">What the sender calls it; the reference if he calls it nothing.</param>
/// <param name="Subject">What it speaks of.</param>
/// <param name="Predicate">What it says.</param>
/// <param name="Status">One of <see cref="MessageStatus"/>.</param>
/// <param name="Content">The message as JSON, without its status, which changes while the message does not.</param>
internal sealed record HubMessage(
    string Reference,
    string Sender,
    string SenderRef,
    string Subject,
    string Predicate,
    string Status,
    byte[] Content
);
