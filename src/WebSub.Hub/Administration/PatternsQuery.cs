using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace WebSub.Hub.Administration;

/// <summary>Which predicate subscriptions.</summary>
internal sealed record PatternsQuery : PagedQuery
{
    /// <summary>Their callback.</summary>
    [FromQuery(Name = "callback"), Description("Only those of this callback, byte for byte, with its query.")]
    public string? Callback { get; init; }

    /// <summary>What they would get.</summary>
    [FromQuery(Name = "predicate"), Description("Only those that would get a message with this predicate, such as `UN.CEFACT.Trade`.")]
    public string? Predicate { get; init; }

    /// <summary>What they share.</summary>
    [FromQuery(Name = "subscription"), Description("Only those that share the subscription with this id.")]
    public string? Subscription { get; init; }
}
