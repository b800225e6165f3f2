using System.Text.Json.Nodes;
using WebSub.Hub.Storage;
using WebSub.Predicates;

namespace WebSub.Hub.Predicates;

/// <summary>
/// What messages tell their subscribers (docs/reference/predicates.md). The message itself goes out on its own predicate. Two light events name
/// it: that it came, and that its status changed. They reach who knows the message by its <c>sender_ref</c> and who knows it by its
/// reference; a change also reaches <c>message.status.change</c>.
/// </summary>
internal static class MessageEvents
{
    /// <summary>Why a <c>sender_ref</c> cannot stand in the predicates of the light events; null if it can.</summary>
    public static string? Fault(string senderRef) => Predicate.TryNormalize(StatusChangeOf(senderRef), out _, out var fault) ? null : fault;

    /// <summary>What a new message tells.</summary>
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

    /// <summary>What a new status tells.</summary>
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

    // The sender's own name for it is unique only for him.
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
