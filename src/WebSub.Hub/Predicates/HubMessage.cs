namespace WebSub.Hub.Predicates;

/// <summary>A valid message.</summary>
/// <param name="Reference">Its unguessable reference, chosen by the hub.</param>
/// <param name="Sender">The sender, for example a country code.</param>
/// <param name="SenderRef">The sender's own name for it; the reference if there is none.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Predicate">What has happened.</param>
/// <param name="Status">One of <see cref="MessageStatus"/>.</param>
/// <param name="Content">The message as JSON, without its status, which may change although the message does not.</param>
internal sealed record HubMessage(
    string Reference,
    string Sender,
    string SenderRef,
    string Subject,
    string Predicate,
    string Status,
    byte[] Content
);
