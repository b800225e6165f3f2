using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace WebSub.Hub.Administration;

/// <summary>Which lanes.</summary>
internal sealed record LanesQuery : PagedQuery
{
    /// <summary>Their topic.</summary>
    [FromQuery(Name = "topic"), Description("Only those of this topic, byte for byte.")]
    public string? Topic { get; init; }
}
