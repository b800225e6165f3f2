using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using WebSub.Hub.Access;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Hub.Publishing;

/// <summary>
/// Answers publishers: a ping makes its topics due for a fetch, pushed content is appended; both are stored before the 202.
/// </summary>
internal sealed class PublishEndpoint(
    IOptions<HubOptions> options,
    PublisherAccess access,
    ClientRateLimit limits,
    HubHttp http,
    ReceivedBody received,
    TopicStore topics,
    HubPublishing publishing
)
{
    public long MaxContentBytes => options.Value.Publishing.MaxContentBytes;

    /// <summary>True for a caller that may push content.</summary>
    public async Task<bool> MayPushAsync(HttpContext context) => (await access.ReadAsync(context)).MayPublish;

    public async Task<IResult> PingAsync(HttpContext context, HubFields fields)
    {
        var (topics, error) = PublishTopics.Read(fields);
        return await limits.PublishAsync(context, Math.Max(1, PublishTopics.Count(topics))) ?? await PingAsync(context, topics, error);
    }

    /// <summary>
    /// Answers a request to push that has no body: there is no content in it, so it can only mean that the topic is to be fetched.
    /// </summary>
    private Task<IResult> PingInsteadAsync(HttpContext context)
    {
        if (!PublishTopics.TryReadQuery(context.Request.QueryString, out var fields))
            return Task.FromResult(HubResults.BadRequest(PublishTopics.NoQuery));
        var (topics, error) = PublishTopics.Read(fields);
        if (error is null && !topics.All(t => Topic.TryParse(t.Value, out var url, out _) && http.Guard.AllowsHostOf(url.Uri)))
            error = "The request has no body, so there is nothing to push, and the topic is no URL that could be fetched.";
        return PingAsync(context, topics, error);
    }

    /// <summary>Answers somebody who may not push and has sent more than a ping.</summary>
    public async Task<IResult> RefusePushAsync(HttpContext context) =>
        KeyWanted(context, await access.ReadAsync(context), "Pushing content");

    private async Task<IResult> PingAsync(HttpContext context, IReadOnlyList<PingedTopic> topics, string? error)
    {
        var caller = await access.ReadAsync(context);
        if (!caller.MayPublish && (caller.HasWrongKey || options.Value.Publishing.Policy == PublishingPolicy.Authenticated))
            return KeyWanted(context, caller, "Publishing to this hub");
        if (error is not null)
            return HubResults.BadRequest(error);

        await publishing.PingAsync(topics, context.RequestAborted);
        return Done(context);
    }

    /// <param name="context">The request; its query names the topic.</param>
    /// <param name="read">The body, if it has already been read.</param>
    public async Task<IResult> PushAsync(HttpContext context, byte[]? read)
    {
        if (read is { Length: 0 } || context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return await PingInsteadAsync(context);
        var caller = await access.ReadAsync(context);
        // Who may not push may ping, and a body of no bytes may be announced as one of any length.
        if (!caller.MayPublish)
            return read is null && await ReceivedBody.IsEmptyAsync(context)
                ? await PingInsteadAsync(context)
                : KeyWanted(context, caller, "Pushing content");
        if (!PublishTopics.TryReadPushed(context.Request.QueryString, out var topic, out var fault))
            return HubResults.BadRequest(fault);
        if (!Topic.TryParse(topic, out _, out var error) && !await topics.IsRegisteredAsync(topic, context.RequestAborted))
            return HubResults.BadRequest($"hub.topic {error}, or a topic that is registered at this hub.");

        if (context.Request.ContentType is { } type && !Ascii.IsValid(type))
            return HubResults.BadRequest("Content-Type must be ASCII: it is passed on unchanged.");

        var (body, refusal) = read is null ? await received.ReadAsync(context, MaxContentBytes) : (read, null);
        if (body is null)
            return refusal!;
        if (body.Length == 0)
            return await PingInsteadAsync(context);

        await publishing.PushAsync(topic, body, context.Request.ContentType, context.RequestAborted);
        return Done(context);
    }

    // Ballerina's publishers accept only this as success.
    private IResult Done(HttpContext context) =>
        context.Request.Headers.ContainsKey("x-ballerina-publisher")
            ? RegistrationEndpoint.Accepted()
            : TypedResults.StatusCode(options.Value.Publishing.PingAnswer);

    private IResult KeyWanted(HttpContext context, Caller caller, string what)
    {
        if (caller.KeyName is not null)
            return HubResults.Text(StatusCodes.Status403Forbidden, "The key is not valid for publishing: publish is not among its Scopes.");

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return HubResults.Text(
            StatusCodes.Status401Unauthorized,
            caller.HasWrongKey
                ? "The key is not one of this hub's."
                : $"{what} needs a key: Authorization: Bearer KEY, "
                    + $"with a key of the setting WebSub:Administration:ApiKeys.{access.LocalHint}"
        );
    }
}
