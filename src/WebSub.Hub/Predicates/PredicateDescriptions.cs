using WebSub.Hub.Hosting;

namespace WebSub.Hub.Predicates;

/// <summary>What OpenAPI says about the predicate API.</summary>
internal static class PredicateDescriptions
{
    private const string Tag = "Predicates";

    public static void DescribeSubscribe(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Describe(
                "Subscribe",
                "Subscribes a callback to a dotted topic and everything below it, or unsubscribes it.",
                "The callback is first asked to confirm, by a GET with a challenge, unless the hub's setting "
                    + "WebSub:Predicates:VerifyIntent says otherwise."
            )
            .Accepts<DescribedSubscription>(SubscriptionsEndpoint.FormType)
            .Produces(StatusCodes.Status202Accepted)
            .Fails(400, 403, 404, 409, 413, 415, 429, 500);

    public static void DescribeList(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Describe(
                "ListSubscriptions",
                "Lists a callback's subscriptions, page by page.",
                "Needs a key or a local caller. `after` is the last topic key of the previous page; `next` already contains it."
            )
            .Produces<SubscriptionsPage>()
            .Fails(400, 401, 500);

    public static void DescribePost(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Describe(
                "PostMessage",
                "Accepts a message or an array of messages: all of them or none.",
                "Needs a key or a local caller. Once answered 201, the messages survive a crash and will be delivered."
            )
            .WithMetadata(new DescribedBody(typeof(DescribedMessage)))
            .Produces<DescribedStoredMessage>(StatusCodes.Status201Created)
            .Fails(400, 401, 413, 415, 500);

    public static void DescribeRead(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Describe("ReadMessage", "Reads a message and its current status.", "The reference cannot be guessed; whoever has it may read.")
            .Produces<DescribedStoredMessage>()
            .Fails(404, 500);

    public static void DescribeChange(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Describe(
                "ChangeStatus",
                "Accepts or rejects a message, once.",
                "Needs a key or a local caller. Subscribers to message.status.change and to the message's own status are notified."
            )
            .WithMetadata(new DescribedBody(typeof(DescribedStatus)))
            .Produces<DescribedStoredMessage>()
            .Fails(400, 401, 404, 409, 413, 415, 500);

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string summary, string description) =>
        endpoint.WithName($"WebSub{name}").WithTags(Tag).WithSummary(summary).WithDescription(description);

    private static void Fails(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            endpoint.Produces<DescribedErrors>(status, MessagesEndpoint.JsonType);
    }
}
