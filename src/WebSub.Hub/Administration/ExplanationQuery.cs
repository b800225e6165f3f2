using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace WebSub.Hub.Administration;

/// <summary>What is to be explained of a subscription.</summary>
internal sealed record ExplanationQuery
{
    /// <summary>The topic, if it is not the subscription's own.</summary>
    [FromQuery(Name = "topic"), Description("Another topic or a predicate, byte for byte. Without it, the subscription's own.")]
    public string? Topic { get; init; }
}
