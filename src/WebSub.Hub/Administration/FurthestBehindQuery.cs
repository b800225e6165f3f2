using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace WebSub.Hub.Administration;

/// <summary>Which subscriptions that are behind. There is one page.</summary>
internal sealed record FurthestBehindQuery
{
    /// <summary>Their topic.</summary>
    [FromQuery(Name = "topic"), Description("Only those of this topic, byte for byte.")]
    public string? Topic { get; init; }

    /// <summary>Which come first.</summary>
    [FromQuery(Name = "order"), Description("`lag`: those with most to get first; `since`: those behind for longest. Default: lag.")]
    public string? Order { get; init; }

    /// <summary>How many.</summary>
    [FromQuery(Name = "limit"), Description("The most items, from 1 to 1000. Default: 100.")]
    public string? Limit { get; init; }
}
