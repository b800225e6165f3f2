using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;
using WebSub.Subscriber.Hosting;

namespace WebSub.Subscriber.Callbacks;

/// <summary>
/// The callback endpoints: one for the current prefix and one for each earlier prefix that hubs still know. The app's conventions apply to
/// all of them.
/// </summary>
internal sealed class CallbackDataSource(CallbackEndpoint endpoint, CallbackPrefixes prefixes, IServiceProvider services)
    : EndpointDataSource,
        IEndpointConventionBuilder
{
    private readonly List<Action<EndpointBuilder>> _conventions = [];
    private readonly List<Action<EndpointBuilder>> _finally = [];

    public override IReadOnlyList<Endpoint> Endpoints => Build(null);

    public override IChangeToken GetChangeToken() => prefixes.ChangeToken;

    public override IReadOnlyList<Endpoint> GetGroupedEndpoints(RouteGroupContext context) => Build(context);

    public void Add(Action<EndpointBuilder> convention) => _conventions.Add(convention);

    public void Finally(Action<EndpointBuilder> finallyConvention) => _finally.Add(finallyConvention);

    private List<Endpoint> Build(RouteGroupContext? group) =>
        [
            .. prefixes.Old.Prepend(prefixes.Current).Select(p => Build(BelowPrefix(p), endpoint.InvokeAsync, group)),
            .. prefixes.Own.Select(p => Build(Literal(p), context => endpoint.InvokeOwnAsync(context, p), group)),
        ];

    private static RoutePattern BelowPrefix(string prefix) =>
        RoutePatternFactory.Parse(
            $"{(prefix.Length > 0 ? "/" + prefix : "")}/{{{CallbackEndpoint.HandlerParameter}}}/{{{CallbackEndpoint.KeyParameter}}}"
        );

    // Not parsed: a path may have braces.
    private static RoutePattern Literal(string path) =>
        RoutePatternFactory.Pattern(
            path.Split('/', StringSplitOptions.RemoveEmptyEntries)
                .Select(segment => RoutePatternFactory.Segment(RoutePatternFactory.LiteralPart(segment)))
        );

    private Endpoint Build(RoutePattern pattern, RequestDelegate invoke, RouteGroupContext? group)
    {
        var builder = new RouteEndpointBuilder(invoke, RoutePatternFactory.Combine(group?.Prefix, pattern), order: 0)
        {
            DisplayName = "WebSub callbacks",
            ApplicationServices = services,
        };
        foreach (var convention in group?.Conventions ?? [])
            convention(builder);
        builder.Metadata.Add(new HttpMethodMetadata(CallbackEndpoint.Methods));
        builder.Metadata.Add(new AllowAnonymousAttribute());
        builder.Metadata.Add(new ExcludeFromDescriptionAttribute());
        builder.Metadata.Add(new NoAntiforgery());
        foreach (var convention in _conventions)
            convention(builder);
        foreach (var convention in _finally)
            convention(builder);
        foreach (var convention in group?.FinallyConventions ?? [])
            convention(builder);
        return builder.Build();
    }

    /// <summary>A hub has no token; its deliveries are signed.</summary>
    private sealed class NoAntiforgery : IAntiforgeryMetadata
    {
        public bool RequiresValidation => false;
    }
}
