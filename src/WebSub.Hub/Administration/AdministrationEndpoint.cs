using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using WebSub.Hub.Access;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Administration;

/// <summary>The administration API: <see cref="IHubAdministration"/> one to one, behind the keys.</summary>
internal sealed class AdministrationEndpoint(
    IHubAdministration hub,
    OperatorAccess access,
    CallerReader callers,
    HubClock time,
    ILogger<AdministrationEndpoint> logger
)
{
    private const string RedeliverAll = "/dead-letters/redeliver";
    private const string NothingThere = "There is nothing with this id, or there is not any more.";
    private const string IdMeaning = "Its id, as lists show it.";

    private readonly FailureLog _failures = new("The administration API", time, logger);

    public IEndpointConventionBuilder Map(RouteGroupBuilder group)
    {
        group.DisableAntiforgery().WithTags("Administration");
        MapLists(group);
        MapActions(group);
        MapKeys(group);
        return group;
    }

    private void MapLists(RouteGroupBuilder group)
    {
        group
            .MapGet(
                "/overview",
                Task<IResult> (HttpContext context) =>
                    AnswerAsync(context, ApiScope.Read, async () => TypedResults.Ok(await hub.GetOverviewAsync(context.RequestAborted)))
            )
            .Produces<HubOverview>()
            .Describe(ApiScope.Read, "Says how the hub is doing, and what is wrong.");
        List<TopicsQuery, HubTopic>(
            group,
            "/topics",
            "Lists topics.",
            async (r, token) => await hub.ListTopicsAsync(new(r.Text("url"), r.Text("contains")), r.Paging, token)
        );
        Find(group, "/topics/{id}", "A topic.", hub.FindTopicAsync);
        MapEntries(group);
        List<SubscriptionsQuery, HubSubscription>(
            group,
            "/subscriptions",
            "Lists subscriptions, without secrets and queries of callbacks.",
            async (r, token) => await hub.ListSubscriptionsAsync(new(r.Text("topic"), r.Text("host"), r.State("state")), r.Paging, token)
        );
        List<FurthestBehindQuery, HubSubscription>(
            group,
            "/subscriptions/furthest-behind",
            "Lists the subscriptions that are behind, those with most to get or behind for longest first, on one page.",
            async (r, token) =>
                new(
                    await hub.ListFurthestBehindAsync(
                        r.Text("topic"),
                        r.Paging?.Limit ?? HubPaging.UsualLimit,
                        r.OneOf("order", "lag", "since") == "since",
                        token
                    ),
                    null
                )
        );
        Find(group, "/subscriptions/{id}", "A subscription.", hub.FindSubscriptionAsync);
        MapAttempts(group);
        MapExplanation(group);
        List<PatternsQuery, HubPattern>(
            group,
            "/patterns",
            "Lists predicate subscriptions, or those that would get a message.",
            async (r, token) =>
                await hub.ListPatternsAsync(new(r.Text("callback"), r.Text("predicate"), r.Text("subscription")), r.Paging, token)
        );
        List<PagedQuery, HubRequest>(
            group,
            "/requests",
            "Lists requests that have not been decided, and why they wait.",
            async (r, token) => await hub.ListRequestsAsync(r.Paging, token)
        );
        List<DeadLettersQuery, HubDeadLetter>(
            group,
            "/dead-letters",
            "Lists updates that were given up.",
            async (r, token) =>
                await hub.ListDeadLettersAsync(
                    new(r.Text("topic"), r.Text("origin"), r.Time("from"), r.Time("to"), r.Text("subscription")),
                    r.Paging,
                    token
                )
        );
        List<LanesQuery, HubLane>(
            group,
            "/lanes",
            "Lists lanes, and who holds them.",
            async (r, token) => await hub.ListLanesAsync(r.Text("topic"), r.Paging, token)
        );
        List<PagedQuery, HubOrigin>(
            group,
            "/origins",
            "Lists origins that are paused, silent, being sent to, or that did not accept everything within the last hour.",
            async (r, token) => await hub.ListOriginsAsync(r.Paging, token)
        );
        group
            .MapGet(
                "/nodes",
                Task<IResult> (HttpContext context) =>
                    AnswerAsync(
                        context,
                        ApiScope.Read,
                        async () => TypedResults.Ok(new HubPage<HubNodeState>(await hub.ListNodesAsync(context.RequestAborted), null))
                    )
            )
            .Produces<HubPage<HubNodeState>>()
            .Describe(ApiScope.Read, "Lists the nodes that live, and those that hold lanes, on one page.");
        List<ActionsQuery, HubAction>(
            group,
            "/actions",
            "Lists what operators have asked for: the audit log.",
            async (r, token) => await hub.ListActionsAsync(r.Paging, r.Flag("newest"), token)
        );
        Find(group, "/actions/{id}", "An action, and what became of it.", hub.FindActionAsync);
        group
            .MapGet(
                "/explain",
                Task<IResult> (HttpContext context, [AsParameters] ExplainQuery _) =>
                    AnswerAsync<ExplainQuery>(
                        context,
                        ApiScope.Read,
                        async r =>
                        {
                            var (topic, callback) = (r.Required("topic"), r.Required("callback"));
                            return TypedResults.Ok(await hub.ExplainAsync(topic, callback, r.Text("update"), context.RequestAborted));
                        }
                    )
            )
            .Produces<HubExplanation>()
            .Describe(ApiScope.Read, "Says why a subscriber did or did not get an update.", 400);
    }

    private void MapAttempts(RouteGroupBuilder group) =>
        group
            .MapGet(
                "/subscriptions/{id}/attempts",
                Task<IResult> (HttpContext context, [Description(IdMeaning)] string id) =>
                    FindAsync<NoQuery, HubPage<HubAttempt>>(
                        context,
                        async (_, token) =>
                            await hub.ListAttemptsAsync(id, token) is { } attempts ? new HubPage<HubAttempt>(attempts, null) : null
                    )
            )
            .Produces<HubPage<HubAttempt>>()
            .Describe(
                ApiScope.Read,
                "Lists the last attempts of a subscription that this node remembers, the newest first, on one page.",
                404
            );

    private void MapEntries(RouteGroupBuilder group)
    {
        group
            .MapGet(
                "/topics/{id}/entries",
                Task<IResult> (HttpContext context, [Description(IdMeaning)] string id, [AsParameters] PagedQuery _) =>
                    FindAsync<PagedQuery, HubPage<HubEntry>>(context, (r, token) => hub.ListEntriesAsync(id, r.Paging, token))
            )
            .Produces<HubPage<HubEntry>>()
            .Describe(ApiScope.Read, "Lists the entries of a topic's log that are kept, the newest first.", 400, 404);
        group
            .MapGet(
                "/topics/{id}/entries/{sequence:long}",
                Task<IResult> (
                    HttpContext context,
                    [Description(IdMeaning)] string id,
                    [Description("The number of the entry.")] long sequence
                ) => FindAsync<NoQuery, HubEntry>(context, (_, token) => hub.FindEntryAsync(id, sequence, token))
            )
            .Produces<HubEntry>()
            .Describe(ApiScope.Read, "An entry of a topic's log, with the beginning of its content as text.", 404);
    }

    private void MapExplanation(RouteGroupBuilder group) =>
        group
            .MapGet(
                "/subscriptions/{id}/explanation",
                Task<IResult> (HttpContext context, [Description(IdMeaning)] string id, [AsParameters] ExplanationQuery _) =>
                    FindAsync<ExplanationQuery, HubExplanation>(
                        context,
                        (r, token) => hub.ExplainSubscriptionAsync(id, r.Text("topic"), r.Text("update"), token)
                    )
            )
            .Produces<HubExplanation>()
            .Describe(ApiScope.Read, "Says why a subscription did or did not get an update.", 400, 404);

    private void MapActions(RouteGroupBuilder group)
    {
        Act(group, "/topics/{id}/pause", HubActionKind.PauseTopic, "Stops deliveries of a topic.");
        Act(group, "/topics/{id}/resume", HubActionKind.ResumeTopic, "Goes on with deliveries of a topic.");
        Act(group, "/topics/{id}/fetch", HubActionKind.FetchTopic, "Has the hub fetch a topic now, as a ping does.");
        Act<PublishBody>(
            group,
            "/topics/{id}/publish",
            "Publishes content to a topic.",
            (id, body, by) =>
                new(HubActionKind.Publish, id, by)
                {
                    Reason = body.Reason,
                    Content = body.Content,
                    ContentType = body.ContentType,
                }
        );
        Act(group, "/subscriptions/{id}/pause", HubActionKind.PauseSubscription, "Stops deliveries to a subscription.");
        Act(group, "/subscriptions/{id}/resume", HubActionKind.ResumeSubscription, "Goes on with deliveries to a subscription.");
        Act(group, "/subscriptions/{id}/revoke", HubActionKind.RevokeSubscription, "Ends a subscription, and tells its callback.");
        Act(group, "/subscriptions/{id}", HubActionKind.DeleteSubscription, "Ends a subscription without a word.", HttpMethods.Delete);
        Act(group, "/dead-letters/{id}/redeliver", HubActionKind.Redeliver, "Sends a dead letter again.");
        Act(group, "/dead-letters/{id}", HubActionKind.DeleteDeadLetter, "Forgets a dead letter.", HttpMethods.Delete);
        Act<OriginBody>(
            group,
            "/origins/pause",
            "Stops deliveries to an origin.",
            (body, by) => new(HubActionKind.PauseOrigin, body.Origin ?? throw NoOrigin(), by) { Reason = body.Reason }
        );
        Act<OriginBody>(
            group,
            "/origins/resume",
            "Goes on with deliveries to an origin.",
            (body, by) => new(HubActionKind.ResumeOrigin, body.Origin ?? throw NoOrigin(), by) { Reason = body.Reason }
        );
        Act<RedeliverBody>(
            group,
            RedeliverAll,
            "Sends all dead letters again that there are now, of a topic, an origin, a subscription or a span of time.",
            (body, by) =>
                new(HubActionKind.RedeliverAll, "", by)
                {
                    Reason = body.Reason,
                    DeadLetters = new(body.Topic, body.Origin, body.From, body.To, body.Subscription),
                }
        );
        Act<ReplayBody>(
            group,
            "/subscriptions/{id}/replay",
            "Sends a range of entries again, to one subscription alone.",
            (id, body, by) =>
                new(HubActionKind.Replay, id, by)
                {
                    Reason = body.Reason,
                    FirstSequence = body.From,
                    LastSequence = body.To,
                }
        );
    }

    private void MapKeys(RouteGroupBuilder group)
    {
        List<PagedQuery, HubKey>(
            group,
            "/keys",
            "Lists the keys of callers, also those of the settings and disabled ones; never the keys themselves.",
            async (r, token) => await hub.ListKeysAsync(r.Paging, token),
            ApiScope.Administer
        );
        group
            .MapPost(
                "/keys",
                Task<IResult> (HttpContext context) => AnswerAsync(context, ApiScope.Administer, () => CreateKeyAsync(context))
            )
            .WithMetadata(new DescribedBody(typeof(KeyBody)))
            .Produces<CreatedKey>(StatusCodes.Status201Created)
            .Describe(ApiScope.Administer, "Creates a key. The answer has it for the only time.", 400, 409, 415);
        group
            .MapPost(
                "/keys/{name}/disable",
                Task<IResult> (HttpContext context, [Description("The name of the key.")] string name) =>
                    AnswerAsync(context, ApiScope.Administer, () => DisableKeyAsync(context, name))
            )
            .WithMetadata(new DescribedBody(typeof(ReasonBody), isOptional: true))
            .Produces<HubKey>()
            .Describe(ApiScope.Administer, "Disables a key for good.", 400, 404, 415);
    }

    private async Task<IResult> CreateKeyAsync(HttpContext context)
    {
        var body = await ReadBodyAsync<KeyBody>(context.Request);
        var request = new HubKeyRequest(body.Name ?? "", body.Scopes ?? [], await NameOfAsync(context)) { Reason = body.Reason };
        return await hub.CreateKeyAsync(request, context.RequestAborted) is { } created
            ? TypedResults.Json(CreatedKey.From(created), statusCode: StatusCodes.Status201Created)
            : Faulty(StatusCodes.Status409Conflict, new("name", "There is, or was, a key with this name."));
    }

    private async Task<IResult> DisableKeyAsync(HttpContext context, string name)
    {
        var body = await ReadBodyAsync<ReasonBody>(context.Request);
        return await hub.DisableKeyAsync(name, await NameOfAsync(context), body.Reason, context.RequestAborted) is { } key
            ? TypedResults.Ok(key)
            : NotFound("No key with this name was created here. Keys of the settings are disabled there.");
    }

    private void List<TQuery, T>(
        RouteGroupBuilder group,
        string pattern,
        string summary,
        Func<RequestReader, CancellationToken, Task<HubPage<T>>> read,
        ApiScope scope = ApiScope.Read
    ) =>
        group
            .MapGet(
                pattern,
                Task<IResult> (HttpContext context, [AsParameters] TQuery _) =>
                    AnswerAsync<TQuery>(context, scope, async r => TypedResults.Ok(await read(r, context.RequestAborted)))
            )
            .Produces<HubPage<T>>()
            .Describe(scope, summary, 400);

    private void Find<T>(RouteGroupBuilder group, string pattern, string summary, Func<string, CancellationToken, Task<T?>> find)
        where T : class =>
        group
            .MapGet(
                pattern,
                Task<IResult> (HttpContext context, [Description(IdMeaning)] string id) =>
                    FindAsync<NoQuery, T>(context, (_, token) => find(id, token))
            )
            .Produces<T>()
            .Describe(ApiScope.Read, summary, 404);

    private Task<IResult> FindAsync<TQuery, T>(HttpContext context, Func<RequestReader, CancellationToken, Task<T?>> find)
        where T : class =>
        AnswerAsync<TQuery>(
            context,
            ApiScope.Read,
            async r => await find(r, context.RequestAborted) is { } found ? TypedResults.Ok(found) : NotFound()
        );

    private void Act(RouteGroupBuilder group, string pattern, HubActionKind kind, string summary, string method = "POST") =>
        Act<ReasonBody>(group, pattern, summary, (id, body, by) => new(kind, id, by) { Reason = body.Reason }, method);

    /// <summary>An action on what has an id.</summary>
    private void Act<TBody>(
        RouteGroupBuilder group,
        string pattern,
        string summary,
        Func<string, TBody, string, HubActionRequest> read,
        string method = "POST"
    )
        where TBody : class =>
        Describe<TBody>(
            group.MapMethods(
                pattern,
                [method],
                Task<IResult> (HttpContext context, [Description(IdMeaning)] string id) =>
                    ActAsync<TBody>(context, pattern, (body, by) => read(id, body, by))
            ),
            summary
        );

    /// <summary>An action on what the body names.</summary>
    private void Act<TBody>(RouteGroupBuilder group, string pattern, string summary, Func<TBody, string, HubActionRequest> read)
        where TBody : class =>
        Describe<TBody>(group.MapPost(pattern, Task<IResult> (HttpContext context) => ActAsync(context, pattern, read)), summary);

    private static void Describe<TBody>(RouteHandlerBuilder endpoint, string summary)
        where TBody : class =>
        endpoint
            .WithMetadata(new DescribedBody(typeof(TBody), isOptional: typeof(TBody) == typeof(ReasonBody)))
            .Produces<HubAction>(StatusCodes.Status202Accepted)
            .Describe(ApiScope.Administer, summary, 400, 404, 415);

    private Task<IResult> ActAsync<TBody>(HttpContext context, string pattern, Func<TBody, string, HubActionRequest> read)
        where TBody : class =>
        AnswerAsync(
            context,
            ApiScope.Administer,
            async () =>
            {
                var body = await ReadBodyAsync<TBody>(context.Request);
                var request = read(body, await NameOfAsync(context));
                return await hub.RequestAsync(request, context.RequestAborted) is { } action
                    ? TypedResults.Accepted($"{context.Request.PathBase}{ActionsOf(context, pattern)}/{action.Id}", action)
                    : NotFound(pattern == RedeliverAll ? "This hub does not have that topic or that subscription." : NothingThere);
            }
        );

    /// <summary>Where the actions of this API are, whatever prefix it is mapped with.</summary>
    private static string ActionsOf(HttpContext context, string pattern)
    {
        var path = context.Request.Path.Value!.TrimEnd('/').Split('/');
        return string.Join('/', path[..^(pattern.Split('/').Length - 1)]) + "/actions";
    }

    private static HubFieldException NoOrigin() => new("origin", "It must be given, such as https://subscriber.example.");

    private static async Task<T> ReadBodyAsync<T>(HttpRequest request)
        where T : class
    {
        if (request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding"))
            return Nothing<T>();
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException(
                "The body must be JSON: Content-Type: application/json.",
                StatusCodes.Status415UnsupportedMediaType
            );
        }

        string wrong;
        try
        {
            return await request.ReadFromJsonAsync<T>(BodyOptions, request.HttpContext.RequestAborted) ?? Nothing<T>();
        }
        catch (JsonException e)
        {
            wrong = e.Path?.TrimStart('$', '.').Split('[')[0] is { Length: > 0 } field ? field : "body";
        }

        throw new HubFieldException(wrong, Expected(wrong));
    }

    private static T Nothing<T>() => JsonSerializer.Deserialize<T>("{}", BodyOptions)!;

    private static string Expected(string field) =>
        field switch
        {
            "from" or "to" => "It is not what this takes: the number of an entry, or a time such as 2026-11-27T08:00:00Z.",
            "scopes" => "It must list some of publish, read and administer.",
            _ => "It is not what this takes.",
        };

    private static readonly JsonSerializerOptions BodyOptions = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        Converters = { new StorableText() },
    };

    private Task<IResult> AnswerAsync(HttpContext context, ApiScope scope, Func<Task<IResult>> answer) =>
        AnswerAsync<NoQuery>(context, scope, _ => answer());

    /// <typeparam name="TQuery">What the query may have.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="scope">What its caller must be allowed.</param>
    /// <param name="answer">Answers it.</param>
    private async Task<IResult> AnswerAsync<TQuery>(HttpContext context, ApiScope scope, Func<RequestReader, Task<IResult>> answer)
    {
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            if (!IsAuthorizedByHost(context) && await access.RefuseAsync(context, scope) is { } refusal)
                return refusal;
            RefuseUnstorable(context.Request);
            return await answer(RequestReader.Of<TQuery>(context));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status415UnsupportedMediaType)
        {
            return TypedResults.Problem(e.Message, statusCode: e.StatusCode);
        }
        catch (HubFieldException e)
        {
            return Faulty(StatusCodes.Status400BadRequest, e);
        }
        catch (Exception e) when (e is DatabaseException || FailureLog.IsOutage(e))
        {
            _failures.Report(e);
            return HubResults.DatabaseAway(context);
        }
    }

    private static void RefuseUnstorable(HttpRequest request)
    {
        var texts = request.Query.SelectMany(q => q.Value, (q, text) => (Name: q.Key, Text: text));
        foreach (var (name, text) in texts.Concat(request.RouteValues.Select(r => (Name: r.Key, Text: r.Value as string))))
        {
            if (text?.Contains('\0', StringComparison.Ordinal) == true)
                throw new HubFieldException(name, StorableText.Demand);
        }
    }

    /// <summary>The app's own policy stands at these endpoints, so whoever gets here has passed it.</summary>
    private static bool IsAuthorizedByHost(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null;

    private async ValueTask<string> NameOfAsync(HttpContext context) =>
        (IsAuthorizedByHost(context) ? context.User.Identity?.Name : (await callers.ReadAsync(context)).KeyName) ?? Caller.LocalName;

    private static IResult NotFound(string sentence = NothingThere) =>
        TypedResults.Problem(sentence, statusCode: StatusCodes.Status404NotFound);

    private static IResult Faulty(int status, HubFieldException fault) =>
        TypedResults.Problem(
            $"{fault.Field}: {fault.Message}",
            statusCode: status,
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["field"] = fault.Field }
        );
}
