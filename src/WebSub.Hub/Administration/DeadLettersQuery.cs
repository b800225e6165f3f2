using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace WebSub.Hub.Administration;

/// <summary>Which dead letters.</summary>
internal sealed record DeadLettersQuery : PagedQuery
{
    /// <summary>Their topic.</summary>
    [FromQuery(Name = "topic"), Description("Only those of this topic, byte for byte.")]
    public string? Topic { get; init; }

    /// <summary>The origin of their callbacks.</summary>
    [FromQuery(Name = "origin"), Description("Only those for this origin, such as `https://subscriber.example`.")]
    public string? Origin { get; init; }

    /// <summary>From when on they were given up.</summary>
    [FromQuery(Name = "from"), Description("Only those that were given up at this time or later.")]
    public string? From { get; init; }

    /// <summary>Before when they were.</summary>
    [FromQuery(Name = "to"), Description("Only those that were given up before this time.")]
    public string? To { get; init; }

    /// <summary>Whose they are.</summary>
    [FromQuery(Name = "subscription"), Description("Only those of the topic and the callback of the subscription with this id.")]
    public string? Subscription { get; init; }
}
