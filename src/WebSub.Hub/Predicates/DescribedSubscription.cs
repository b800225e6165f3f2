using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using WebSub.Protocol;

namespace WebSub.Hub.Predicates;

/// <summary>The form of <c>POST /subscriptions</c>, for OpenAPI.</summary>
internal sealed record DescribedSubscription(
    [property: JsonPropertyName(HubParameters.Callback), Description("Where to deliver: an http or https URL.")] string Callback,
    [property:
        JsonPropertyName(HubParameters.Topic),
        Description(
            "Dotted elements, upper or lower case: UN.CEFACT means itself and everything below, as UN.CEFACT.* and UN.CEFACT. do; * is everything."
        )
    ]
        string Topic,
    [property: JsonPropertyName(HubParameters.Mode), Description("subscribe or unsubscribe."), AllowedValues("subscribe", "unsubscribe")]
        string Mode,
    [property:
        JsonPropertyName(HubParameters.LeaseSeconds),
        Description("How long, in seconds; 5 days if left out."),
        Range(PredicateForm.MinLease, PredicateForm.MaxLease),
        DefaultValue(PredicateForm.DefaultLease)
    ]
        long? LeaseSeconds = null,
    [property: JsonPropertyName(HubParameters.Secret), Description("Key of the deliveries' X-Hub-Signature; at most 199 bytes.")]
        string? Secret = null
);
