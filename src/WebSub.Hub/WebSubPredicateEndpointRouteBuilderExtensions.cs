using System.ComponentModel;
using Microsoft.AspNetCore.Routing;
using WebSub.Hub.Hosting;
using WebSub.Hub.Predicates;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the predicate Subscriptions API.</summary>
public static class WebSubPredicateEndpointRouteBuilderExtensions
{
    private const string ReferenceMeaning = "The reference that the answer to the message's POST gave.";

    /// <summary>
    /// Maps <c>/subscriptions</c> and <c>/messages</c>: subscribe to dotted predicates; post messages, change their status and read them.
    /// Anonymous and without antiforgery, as the protocol requires; posting messages, changing them and listing subscriptions check for a
    /// key or a local caller themselves. Every answer is JSON, including errors.
    /// </summary>
    /// <param name="endpoints">
    /// The app, or one of its groups. Deliveries give a message's URL relative to the hub's: beside <c>https://hub.example/hub</c> it is
    /// <c>https://hub.example/messages/…</c>.
    /// </param>
    /// <exception cref="InvalidOperationException"><c>services.AddWebSubHub()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapWebSubPredicates(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var requests =
            endpoints.ServiceProvider.GetService<PredicateRequests>()
            ?? throw new InvalidOperationException("MapWebSubPredicates needs the hub's services: call services.AddWebSubHub() first.");
        var subscriptions = endpoints.ServiceProvider.GetRequiredService<SubscriptionsEndpoint>();
        var list = endpoints.ServiceProvider.GetRequiredService<SubscriptionsList>();
        var messages = endpoints.ServiceProvider.GetRequiredService<MessagesEndpoint>();
        var group = endpoints.MapGroup("").AllowAnonymous().DisableAntiforgery();

        group
            .MapPost("/subscriptions", Task<IResult> (HttpContext context) => requests.AnswerAsync(context, subscriptions.PostAsync))
            .WithMetadata(new HubAddress.Mapping(MappedAs.Subscriptions))
            .DescribeSubscribe();
        group
            .MapGet(
                "/subscriptions",
                Task<IResult> (
                    HttpContext context,
                    [Description("The callback, byte for byte, with its query.")] string? callback,
                    [Description("The last topic key of the page before; without it, the first page.")] string? after,
                    [Description("The most items of the page, from 1 to 1000. Default: 100.")] string? limit
                ) => requests.AnswerAsync(context, c => list.GetAsync(c, callback, after, limit))
            )
            .DescribeList();
        group
            .MapPost("/messages", Task<IResult> (HttpContext context) => requests.AnswerAsync(context, messages.PostAsync))
            .WithMetadata(new HubAddress.Mapping(MappedAs.Messages))
            .DescribePost();
        group
            .MapGet(
                "/messages/{reference}",
                Task<IResult> (HttpContext context, [Description(ReferenceMeaning)] string reference) =>
                    requests.AnswerAsync(context, c => messages.GetAsync(c, reference))
            )
            .DescribeRead();
        group
            .MapPatch(
                "/messages/{reference}",
                Task<IResult> (HttpContext context, [Description(ReferenceMeaning)] string reference) =>
                    requests.AnswerAsync(context, c => messages.PatchAsync(c, reference))
            )
            .DescribeChange();

        // Requests that end up here have another method, another media type or a deeper path; they get an answer in the API's own form.
        group
            .Map(
                "/subscriptions/{**rest}",
                IResult (HttpContext context, string? rest) =>
                    string.IsNullOrEmpty(rest)
                        ? PredicateResults.Unfit(context, HttpMethods.Post, SubscriptionsEndpoint.FormType, HttpMethods.Get)
                        : PredicateResults.NoSuchPath()
            )
            .ExcludeFromDescription();
        group
            .Map(
                "/messages/{**rest}",
                IResult (HttpContext context, string? rest) =>
                    rest switch
                    {
                        null or "" => PredicateResults.Unfit(context, HttpMethods.Post, MessagesEndpoint.JsonType),
                        _ when !rest.Contains('/', StringComparison.Ordinal) => PredicateResults.Unfit(
                            context,
                            HttpMethods.Patch,
                            MessagesEndpoint.JsonType,
                            HttpMethods.Get
                        ),
                        _ => PredicateResults.NoSuchPath(),
                    }
            )
            .ExcludeFromDescription();
        return group;
    }
}
