using System.Text.Json.Nodes;
using WebSub.Hub.Storage;
using WebSub.Predicates;

namespace WebSub.Hub.Predicates;

/// <summary>
/// The events that messages cause (docs/reference/predicates.md). The message itself goes out on its own predicate. Two light events
/// announce its arrival and a change of its status. They reach subscribers that know the message by its <c>sender_ref</c> and those that
/// know it by its reference; a change also reaches <c>message.status.change</c>.
/// </summary>
internal static class MessageEvents
{
    /// <summary>Why a <c>sender_ref</c> cannot be part of the light events' predicates; null if it can.</summary>
    public static string? Fault(string senderRef) => Predicate.TryNormalize(StatusChangeOf(senderRef), out _, out var fault) ? null : fault;

    /// <summary>The events of a new message.</summary>
    public static IReadOnlyList<MessageEvent> Posted(HubMessage message)
    {
        var received = Received(message.SenderRef);
        var light = new JsonObject { ["predicate"] = received, ["sender_ref"] = NameOf(message) };
        return
        [
            new(Keys(message.Predicate), message.Content, message.Reference),
            new(Keys(received, Received(message.Reference)), MessageJson.Bytes(light), message.Reference),
        ];
    }

    /// <summary>The event of a new status.</summary>
    public static MessageEvent StatusChanged(HubMessage message)
    {
        var changed = Status(message.SenderRef);
        var light = new JsonObject
        {
            ["predicate"] = changed,
            ["sender_ref"] = NameOf(message),
            ["subject"] = message.Subject,
            ["status"] = message.Status,
        };
        return new(
            Keys(changed, Status(message.Reference), StatusChangeOf(message.SenderRef), StatusChangeOf(message.Reference)),
            MessageJson.Bytes(light),
            message.Reference
        );
    }

    private static string Received(string reference) => $"message.{reference}.received";

    private static string Status(string reference) => $"message.{reference}.status";

    private static string StatusChangeOf(string reference) => $"message.status.change.{reference}";

    // The sender's own name for a message is unique only to that sender.
    private static string NameOf(HubMessage message) => $"{message.Sender}:{message.SenderRef}";

    private static string[] Keys(params string[] predicates) =>
        [
            .. predicates
                .Select(p =>
                    Predicate.TryNormalize(p, out var key, out var fault) ? key : throw new InvalidOperationException($"{p}: {fault}")
                )
                .Distinct(StringComparer.Ordinal),
        ];
}
