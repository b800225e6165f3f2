using System.Text;
using WebSub.Http;
using WebSub.Hub.Access;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Storage;
using WebSub.Values;

namespace WebSub.Hub.Publishing;

/// <summary>
/// Answers <c>hub.mode=register</c> and <c>deregister</c>, an extension of Ballerina's hub: 200 <c>hub.mode=accepted</c>, or 4xx
/// <c>hub.mode=denied&amp;hub.reason=…</c>.
/// </summary>
internal sealed class RegistrationEndpoint(PublisherAccess access, TopicStore topics, HubClock time)
{
    public const string Register = "register";
    public const string Deregister = "deregister";

    public async Task<IResult> HandleAsync(HttpContext context, HubFields fields)
    {
        var caller = await access.ReadAsync(context);
        if (!caller.MayPublish && caller.KeyName is not null)
            return Denied(StatusCodes.Status403Forbidden, "The key is not valid for publishing.");
        if (!caller.MayPublish)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Denied(StatusCodes.Status401Unauthorized, "Registering topics needs a key.");
        }

        var topic = fields[HubParameters.Topic];
        if (string.IsNullOrEmpty(topic))
            return Denied(StatusCodes.Status400BadRequest, "Empty value found for parameter 'hub.topic'");
        if (Encoding.UTF8.GetByteCount(topic) > VerbatimUrl.MaxBytes)
            return Denied(StatusCodes.Status400BadRequest, $"hub.topic is longer than {VerbatimUrl.MaxBytes} bytes.");
        if (UnfitCharacter.IsIn(topic))
            return Denied(StatusCodes.Status400BadRequest, $"hub.topic {UnfitCharacter.Fault}.");
        if (PublishTopics.UserFault(topic) is { } fault)
            return Denied(StatusCodes.Status400BadRequest, $"hub.topic {fault}.");

        if (fields[HubParameters.Mode] == Register)
        {
            await topics.RegisterAsync(topic, DatabaseTime.Now(time), context.RequestAborted);
            return Accepted();
        }

        return await topics.DeregisterAsync(topic, context.RequestAborted)
            ? Accepted()
            : Denied(StatusCodes.Status404NotFound, "That topic is not registered.");
    }

    public static IResult Accepted() => Form(StatusCodes.Status200OK, new HubFields().Add(HubParameters.Mode, "accepted"));

    private static IResult Denied(int status, string reason) =>
        Form(status, new HubFields().Add(HubParameters.Mode, HubModes.Denied).Add(HubParameters.Reason, reason));

    private static IResult Form(int status, HubFields fields) =>
        new PlainResult(TypedResults.Text(fields.ToString(), "application/x-www-form-urlencoded", null, status));
}
