using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace WebSub.Hub.Administration;

/// <summary>Which page of the audit log.</summary>
internal sealed record ActionsQuery : PagedQuery
{
    /// <summary>Whether the newest come first.</summary>
    [FromQuery(Name = "newest"), Description("`true`: the newest first. Default: the oldest.")]
    public string? Newest { get; init; }
}
