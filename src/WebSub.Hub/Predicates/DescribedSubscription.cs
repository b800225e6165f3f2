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
            "Dotted elements in any case: UN.CEFACT covers itself and everything below it, as do UN.CEFACT.* and UN.CEFACT.; "
                + "* covers everything."
        )
    ]
        string Topic,
    [property: JsonPropertyName(HubParameters.Mode), Description("subscribe or unsubscribe."), AllowedValues("subscribe", "unsubscribe")]
        string Mode,
    [property:
        JsonPropertyName(HubParameters.LeaseSeconds),
        Description("The lease in seconds; 5 days if omitted."),
        Range(PredicateForm.MinLease, PredicateForm.MaxLease),
        DefaultValue(PredicateForm.DefaultLease)
    ]
        long? LeaseSeconds = null,
    [property: JsonPropertyName(HubParameters.Secret), Description("The key for the X-Hub-Signature of deliveries; at most 199 bytes.")]
        string? Secret = null
);
