using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace WebSub.Hub.Administration;

/// <summary>A topic and a callback.</summary>
internal sealed record ExplainQuery
{
    /// <summary>The topic.</summary>
    [FromQuery(Name = "topic"), Required, Description("The topic, byte for byte.")]
    public string? Topic { get; init; }

    /// <summary>The callback.</summary>
    [FromQuery(Name = "callback"), Required, Description("The callback, byte for byte, with its query.")]
    public string? Callback { get; init; }

    /// <summary>The update, if it is not the newest.</summary>
    [FromQuery(Name = "update"), Description("The update's delivery id, or its number. Without it, the newest update.")]
    public string? Update { get; init; }
}
