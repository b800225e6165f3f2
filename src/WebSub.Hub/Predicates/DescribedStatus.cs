using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace WebSub.Hub.Predicates;

/// <summary>The body of <c>PATCH /messages/{ref}</c>, for OpenAPI.</summary>
internal sealed record DescribedStatus(
    [property: JsonPropertyName("status"), Description("accepted or rejected."), AllowedValues("accepted", "rejected")] string Status
);
