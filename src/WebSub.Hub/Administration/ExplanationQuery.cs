using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace WebSub.Hub.Administration;

/// <summary>What is to be explained of a subscription.</summary>
internal sealed record ExplanationQuery
{
    /// <summary>The topic, if it is not the subscription's own.</summary>
    [FromQuery(Name = "topic"), Description("Another topic or a predicate, byte for byte. Without it, the subscription's own.")]
    public string? Topic { get; init; }

    /// <summary>The update, if it is not the newest.</summary>
    [FromQuery(Name = "update"), Description("The update's delivery id, or its number. Without it, the newest update.")]
    public string? Update { get; init; }
}
