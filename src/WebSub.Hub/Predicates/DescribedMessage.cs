using System.ComponentModel;
using System.Text.Json.Serialization;

namespace WebSub.Hub.Predicates;

/// <summary>The body of <c>POST /messages</c>, for OpenAPI. Further properties are kept and delivered.</summary>
internal record DescribedMessage(
    [property: JsonPropertyName("sender"), Description("Who sends it, for example a country code.")] string Sender,
    [property: JsonPropertyName("receiver"), Description("Whom it is for.")] string Receiver,
    [property: JsonPropertyName("subject"), Description("What it speaks of.")] string Subject,
    [property: JsonPropertyName("obj"), Description("Where the document is.")] string Obj,
    [property: JsonPropertyName("predicate"), Description("What it says, as dotted elements: UN.CEFACT.Trade.CertificateOfOrigin.created.")]
        string Predicate,
    [property: JsonPropertyName("sender_ref"), Description("What the sender calls it; the reference if left out.")]
        string? SenderRef = null,
    [property: JsonPropertyName("status"), Description("pending (if left out), received, accepted or rejected.")] string? Status = null
);
