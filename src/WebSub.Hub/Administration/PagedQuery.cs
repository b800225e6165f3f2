using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace WebSub.Hub.Administration;

/// <summary>
/// Which page of a list. Queries say what there is; <see cref="RequestReader"/> reads it, so that what is wrong is named in our own form.
/// </summary>
internal record PagedQuery
{
    /// <summary>Where the page begins.</summary>
    [FromQuery(Name = "after"), Description("The page after that: `next` of the page before. Without it, the first.")]
    public string? After { get; init; }

    /// <summary>How much is on it.</summary>
    [FromQuery(Name = "limit"), Description("The most items of the page, from 1 to 1000. Default: 100.")]
    public string? Limit { get; init; }
}
