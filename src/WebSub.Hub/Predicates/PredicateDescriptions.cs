namespace WebSub.Hub.Predicates;

/// <summary>What OpenAPI says about the predicate API.</summary>
internal static class PredicateDescriptions
{
    private const string Tag = "Predicates";

    public static void DescribeSubscribe(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Describe(
                "Subscribe",
                "Subscribes a callback to a dotted topic and all below it, or unsubscribes it.",
                "The callback is asked first, by GET with a challenge, unless the hub's setting WebSub:Predicates:VerifyIntent says otherwise."
            )
            .Accepts<DescribedSubscription>(SubscriptionsEndpoint.FormType)
            .Produces(StatusCodes.Status202Accepted)
            .Fails(400, 403, 404, 409, 413, 415, 429, 500);

    public static void DescribeList(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Describe(
                "ListSubscriptions",
                "Lists what a callback is subscribed to, page by page.",
                "Needs a key or a local caller. `after` is the last topic key of the page before; `next` has it ready."
            )
            .Produces<SubscriptionsPage>()
            .Fails(400, 401, 500);

    public static void DescribePost(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Describe(
                "PostMessage",
                "Takes in a message, or an array of messages: all of them or none.",
                "Needs a key or a local caller. When it answers 201 the messages survive a crash and will be delivered."
            )
            .Accepts<DescribedMessage>(MessagesEndpoint.JsonType)
            .Produces<DescribedStoredMessage>(StatusCodes.Status201Created)
            .Fails(400, 401, 413, 415, 500);

    public static void DescribeRead(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Describe("ReadMessage", "Reads a message and its status now.", "The reference cannot be guessed; who has it may read.")
            .Produces<DescribedStoredMessage>()
            .Fails(404, 500);

    public static void DescribeChange(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Describe(
                "ChangeStatus",
                "Accepts or rejects a message, once.",
                "Needs a key or a local caller. Subscribers of message.status.change and of the message's own status are told."
            )
            .Accepts<DescribedStatus>(MessagesEndpoint.JsonType)
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
