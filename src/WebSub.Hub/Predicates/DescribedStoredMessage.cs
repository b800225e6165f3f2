using System.ComponentModel;
using System.Text.Json.Serialization;

namespace WebSub.Hub.Predicates;

/// <summary>A stored message, for OpenAPI.</summary>
internal sealed record DescribedStoredMessage(
    string Sender,
    string Receiver,
    string Subject,
    string Obj,
    string Predicate,
    string? SenderRef,
    string? Status,
    [property: JsonPropertyName("reference"), Description("Its address: /messages/{reference}.")] string Reference
) : DescribedMessage(Sender, Receiver, Subject, Obj, Predicate, SenderRef, Status);
