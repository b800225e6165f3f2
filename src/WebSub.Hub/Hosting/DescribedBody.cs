using Microsoft.AspNetCore.Http.Metadata;

namespace WebSub.Hub.Hosting;

/// <summary>
/// Says in OpenAPI what the JSON body of a request is, and nothing else. With <c>Accepts</c>, routing would answer 415 by itself, before
/// the caller's key is looked at.
/// </summary>
/// <param name="type">What the body says.</param>
/// <param name="isOptional">True if there need be none.</param>
internal sealed class DescribedBody(Type type, bool isOptional = false) : IAcceptsMetadata
{
    /// <summary>None: the endpoint itself refuses other types.</summary>
    public IReadOnlyList<string> ContentTypes => [];

    /// <inheritdoc/>
    public Type? RequestType => type;

    /// <inheritdoc/>
    public bool IsOptional => isOptional;
}
