using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace WebSub.Hub.Administration;

/// <summary>Which subscriptions.</summary>
internal sealed record SubscriptionsQuery : PagedQuery
{
    /// <summary>Their topic.</summary>
    [FromQuery(Name = "topic"), Description("Only those of this topic, byte for byte.")]
    public string? Topic { get; init; }

    /// <summary>The host of their callbacks.</summary>
    [FromQuery(Name = "host"), Description("Only those with this host in the callback.")]
    public string? Host { get; init; }

    /// <summary>What they are doing.</summary>
    [FromQuery(Name = "state"), Description("Only those that are `active`, `behind`, `paused` or `expired`.")]
    public string? State { get; init; }
}
