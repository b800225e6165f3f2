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
    private readonly FailureLog _failures = new("The administration API", time, logger);

    public IEndpointConventionBuilder Map(RouteGroupBuilder group)
    {
        group.DisableAntiforgery().WithTags("Administration");
        MapLists(group);
        Act(group, "/topics/{id}/pause", HubActionKind.PauseTopic);
        Act(group, "/topics/{id}/resume", HubActionKind.ResumeTopic);
        Act(group, "/subscriptions/{id}/pause", HubActionKind.PauseSubscription);
        Act(group, "/subscriptions/{id}/resume", HubActionKind.ResumeSubscription);
        Act(group, "/subscriptions/{id}/revoke", HubActionKind.RevokeSubscription);
        Act(group, "/subscriptions/{id}", HubActionKind.DeleteSubscription, HttpMethods.Delete);
        Act(group, "/dead-letters/{id}/redeliver", HubActionKind.Redeliver);
        Act(group, "/dead-letters/{id}", HubActionKind.DeleteDeadLetter, HttpMethods.Delete);
        Act(group, "/origins/pause", HubActionKind.PauseOrigin);
        Act(group, "/origins/resume", HubActionKind.ResumeOrigin);
        Act(group, "/dead-letters/redeliver", HubActionKind.RedeliverAll);
        Act(group, "/subscriptions/{id}/replay", HubActionKind.Replay);
        MapKeys(group);
        return group;
    }

    private void MapLists(RouteGroupBuilder group)
    {
        Read(group, "/topics", ["url"], async (r, token) => await hub.ListTopicsAsync(r.Text("url"), r.Paging, token));
        Find(group, "/topics/{id}", hub.FindTopicAsync);
        Read(
            group,
            "/subscriptions",
            ["topic", "host", "state"],
            async (r, token) => await hub.ListSubscriptionsAsync(new(r.Text("topic"), r.Text("host"), r.State("state")), r.Paging, token)
        );
        Find(group, "/subscriptions/{id}", hub.FindSubscriptionAsync);
        Read(group, "/requests", [], async (r, token) => await hub.ListRequestsAsync(r.Paging, token));
        Read(
            group,
            "/dead-letters",
            ["topic", "origin", "from", "to"],
            async (r, token) =>
                await hub.ListDeadLettersAsync(new(r.Text("topic"), r.Text("origin"), r.Time("from"), r.Time("to")), r.Paging, token)
        );
        Read(group, "/lanes", ["topic"], async (r, token) => await hub.ListLanesAsync(r.Text("topic"), r.Paging, token));
        Read(group, "/origins", [], async (r, token) => await hub.ListOriginsAsync(r.Paging, token));
        Read(group, "/nodes", [], async (_, token) => new HubPage<HubNodeState>(await hub.ListNodesAsync(token), null));
        Read(group, "/actions", [], async (r, token) => await hub.ListActionsAsync(r.Paging, token));
        Find(group, "/actions/{id}", hub.FindActionAsync);
        group
            .MapGet(
                "/explain",
                Task<IResult> (HttpContext context) =>
                    AnswerAsync(
                        context,
                        ApiScope.Read,
                        async () =>
                        {
                            var reader = new RequestReader(context, "topic", "callback");
                            var (topic, callback) = (reader.Required("topic"), reader.Required("callback"));
                            return TypedResults.Ok(await hub.ExplainAsync(topic, callback, context.RequestAborted));
                        }
                    )
            )
            .Produces<HubExplanation>();
    }

    private void MapKeys(RouteGroupBuilder group)
    {
        Read(group, "/keys", [], async (r, token) => await hub.ListKeysAsync(r.Paging, token), ApiScope.Administer);
        group
            .MapPost(
                "/keys",
                Task<IResult> (HttpContext context) =>
                    AnswerAsync(
                        context,
                        ApiScope.Administer,
                        async () =>
                        {
                            var body = await ReadBodyAsync(context.Request, new KeyBody());
                            var request = new HubKeyRequest(body.Name ?? "", body.Scopes ?? [], await NameOfAsync(context))
                            {
                                Reason = body.Reason,
                            };
                            return await hub.CreateKeyAsync(request, context.RequestAborted) is { } created
                                ? TypedResults.Json(CreatedKey.From(created), statusCode: StatusCodes.Status201Created)
                                : Faulty(StatusCodes.Status409Conflict, new("name", "There is, or was, a key with this name."));
                        }
                    )
            )
            .Produces<CreatedKey>(StatusCodes.Status201Created);
        group
            .MapPost(
                "/keys/{name}/disable",
                Task<IResult> (HttpContext context, string name) =>
                    AnswerAsync(
                        context,
                        ApiScope.Administer,
                        async () =>
                        {
                            var body = await ReadBodyAsync(context.Request, new ReasonBody());
                            var by = await NameOfAsync(context);
                            return await hub.DisableKeyAsync(name, by, body.Reason, context.RequestAborted) is { } key
                                ? TypedResults.Ok(key)
                                : NotFound("No key with this name was created here. Keys of the settings are disabled there.");
                        }
                    )
            )
            .Produces<HubKey>();
    }

    private void Read<T>(
        RouteGroupBuilder group,
        string pattern,
        string[] filters,
        Func<RequestReader, CancellationToken, Task<HubPage<T>>> read,
        ApiScope scope = ApiScope.Read
    ) =>
        group
            .MapGet(
                pattern,
                Task<IResult> (HttpContext context) =>
                    AnswerAsync(context, scope, async () => TypedResults.Ok(await read(new(context, filters), context.RequestAborted)))
            )
            .Produces<HubPage<T>>();

    private void Find<T>(RouteGroupBuilder group, string pattern, Func<string, CancellationToken, Task<T?>> find)
        where T : class =>
        group
            .MapGet(
                pattern,
                Task<IResult> (HttpContext context, string id) =>
                    AnswerAsync(
                        context,
                        ApiScope.Read,
                        async () => await find(id, context.RequestAborted) is { } found ? TypedResults.Ok(found) : NotFound()
                    )
            )
            .Produces<T>();

    private void Act(RouteGroupBuilder group, string pattern, HubActionKind kind, string method = "POST") =>
        group
            .MapMethods(
                pattern,
                [method],
                Task<IResult> (HttpContext context) =>
                    AnswerAsync(
                        context,
                        ApiScope.Administer,
                        async () =>
                        {
                            var request = await ReadActionAsync(context, kind);
                            return await hub.RequestAsync(request, context.RequestAborted) is { } action
                                ? TypedResults.Accepted($"{context.Request.PathBase}{ActionsOf(context, pattern)}/{action.Id}", action)
                                : NotFound();
                        }
                    )
            )
            .Produces<HubAction>(StatusCodes.Status202Accepted);

    /// <summary>Where the actions of this API are, whatever prefix it is mapped with.</summary>
    private static string ActionsOf(HttpContext context, string pattern)
    {
        var path = context.Request.Path.Value!.TrimEnd('/').Split('/');
        return string.Join('/', path[..^(pattern.Split('/').Length - 1)]) + "/actions";
    }

    private async Task<HubActionRequest> ReadActionAsync(HttpContext context, HubActionKind kind)
    {
        var body = await ReadBodyAsync(context.Request, new ActionBody());
        var by = await NameOfAsync(context);
        var id = context.Request.RouteValues["id"] as string;
        var isReplay = kind == HubActionKind.Replay;
        return new(kind, id ?? body.Origin ?? (kind == HubActionKind.RedeliverAll ? "" : throw NoOrigin()), by)
        {
            Reason = body.Reason,
            FirstSequence = isReplay ? ActionBody.Sequence(body.From, "from") : null,
            LastSequence = isReplay ? ActionBody.Sequence(body.To, "to") : null,
            DeadLetters =
                kind == HubActionKind.RedeliverAll
                    ? new(body.Topic, body.Origin, ActionBody.Time(body.From, "from"), ActionBody.Time(body.To, "to"))
                    : null,
        };
    }

    private static HubFieldException NoOrigin() => new("origin", "It must be given, such as https://subscriber.example.");

    private static async Task<T> ReadBodyAsync<T>(HttpRequest request, T none)
        where T : class
    {
        if (request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding"))
            return none;
        if (!request.HasJsonContentType())
            throw new HubFieldException("body", "It must be JSON: Content-Type: application/json.");
        string wrong;
        try
        {
            return await request.ReadFromJsonAsync<T>(BodyOptions, request.HttpContext.RequestAborted) ?? none;
        }
        catch (JsonException e)
        {
            wrong = e.Path?.TrimStart('$', '.').Split('[')[0] is { Length: > 0 } field ? field : "body";
        }

        throw new HubFieldException(wrong, "It is not what this takes.");
    }

    private static readonly JsonSerializerOptions BodyOptions = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    private async Task<IResult> AnswerAsync(HttpContext context, ApiScope scope, Func<Task<IResult>> answer)
    {
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            return !IsAuthorizedByHost(context) && await access.RefuseAsync(context, scope) is { } refusal ? refusal : await answer();
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

    /// <summary>The app's own policy stands at these endpoints, so whoever gets here has passed it.</summary>
    private static bool IsAuthorizedByHost(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null;

    private async ValueTask<string> NameOfAsync(HttpContext context) =>
        (IsAuthorizedByHost(context) ? context.User.Identity?.Name : (await callers.ReadAsync(context)).KeyName) ?? Caller.LocalName;

    private static IResult NotFound(string sentence = "There is nothing with this id, or there is not any more.") =>
        TypedResults.Problem(sentence, statusCode: StatusCodes.Status404NotFound);

    private static IResult Faulty(int status, HubFieldException fault) =>
        TypedResults.Problem(
            $"{fault.Field}: {fault.Message}",
            statusCode: status,
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["field"] = fault.Field }
        );
}
