using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ActionConstraints;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Publisher.Links;

namespace WebSub.Publisher;

/// <summary>
/// Advertises hubs and topic in a <c>Link</c> header on the responses of a controller, an action or a Razor page, and makes GET actions
/// answer HEAD too (D8). For other endpoints use <c>WithWebSubLinks()</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class WebSubLinksAttribute : Attribute, IResourceFilter, IActionModelConvention, IControllerModelConvention
{
    private WebSubLinkOptions? _options;

    /// <summary>The topic, if it is not the requested URL: a path relative to the app's address, or a URL.</summary>
    public string? Self { get; set; }

    /// <summary>The query parameters that are part of the topic; null means all of them.</summary>
#pragma warning disable CA1819 // Attributes only take arrays.
    public string[]? Query { get; set; }
#pragma warning restore CA1819

    private WebSubLinkOptions Options => _options ??= new() { Self = _ => Self, Query = Query };

    /// <summary>Adds the header once the response starts.</summary>
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var links =
            context.HttpContext.RequestServices.GetService<ResourceLinks>()
            ?? throw new InvalidOperationException(
                "[WebSubLinks] needs the publisher's services: call builder.Services.AddWebSubPublisher(…) before building the app."
            );
        links.Advertise(context.HttpContext, Options);
    }

    /// <summary>Does nothing.</summary>
    public void OnResourceExecuted(ResourceExecutedContext context)
    {
        // The header is added when the response starts.
    }

    /// <summary>Makes a GET action answer HEAD too.</summary>
    public void Apply(ActionModel action)
    {
        ArgumentNullException.ThrowIfNull(action);
        foreach (var selector in action.Selectors)
            AnswerHead(selector);
    }

    /// <summary>Makes the controller's GET actions answer HEAD too.</summary>
    public void Apply(ControllerModel controller)
    {
        ArgumentNullException.ThrowIfNull(controller);
        foreach (var action in controller.Actions)
            Apply(action);
    }

    private static void AnswerHead(SelectorModel selector)
    {
        var methods = selector.ActionConstraints.OfType<HttpMethodActionConstraint>().SelectMany(c => c.HttpMethods).ToList();
        if (
            !methods.Contains(HttpMethods.Get, StringComparer.OrdinalIgnoreCase)
            || methods.Contains(HttpMethods.Head, StringComparer.OrdinalIgnoreCase)
        )
            return;

        List<string> extended = [.. methods, HttpMethods.Head];
        foreach (var constraint in selector.ActionConstraints.OfType<HttpMethodActionConstraint>().ToList())
            selector.ActionConstraints.Remove(constraint);
        selector.ActionConstraints.Add(new HttpMethodActionConstraint(extended));
        foreach (var metadata in selector.EndpointMetadata.OfType<IHttpMethodMetadata>().ToList())
            selector.EndpointMetadata.Remove(metadata);
        selector.EndpointMetadata.Add(new HttpMethodMetadata(extended));
    }
}
