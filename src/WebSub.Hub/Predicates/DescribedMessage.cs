using System.ComponentModel;
using System.Text.Json.Serialization;

namespace WebSub.Hub.Predicates;

/// <summary>The body of <c>POST /messages</c>, for OpenAPI. Further properties are kept and delivered.</summary>
internal record DescribedMessage(
    [property: JsonPropertyName("sender"), Description("The sender, for example a country code.")] string Sender,
    [property: JsonPropertyName("receiver"), Description("The receiver, for example a country code.")] string Receiver,
    [property: JsonPropertyName("subject"), Description("What the message is about.")] string Subject,
    [property: JsonPropertyName("obj"), Description("Where the document can be found.")] string Obj,
    [property: JsonPropertyName("predicate"), Description("What happened, as dotted elements: UN.CEFACT.Trade.Invoice.created.")]
        string Predicate,
    [property: JsonPropertyName("sender_ref"), Description("The sender's own name for the message; the reference if omitted.")]
        string? SenderRef = null,
    [property: JsonPropertyName("status"), Description("pending (if omitted), received, accepted or rejected.")] string? Status = null
);
