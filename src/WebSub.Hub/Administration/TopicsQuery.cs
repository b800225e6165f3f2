using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace WebSub.Hub.Administration;

/// <summary>Which topics.</summary>
internal sealed record TopicsQuery : PagedQuery
{
    /// <summary>The topic.</summary>
    [FromQuery(Name = "url"), Description("Only this topic, byte for byte.")]
    public string? Url { get; init; }

    /// <summary>A part of the topic.</summary>
    [FromQuery(Name = "contains"), Description("Only topics that contain this; upper and lower case of a–z are the same.")]
    public string? Contains { get; init; }
}
