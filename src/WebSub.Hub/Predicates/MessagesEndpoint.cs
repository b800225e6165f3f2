using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using WebSub.Hub.Access;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Publishing;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Storage;

namespace WebSub.Hub.Predicates;

/// <summary>
/// <c>POST /messages</c> accepts messages, <c>PATCH /messages/{ref}</c> changes a status, <c>GET /messages/{ref}</c> reads a message. A
/// reference cannot be guessed, and whoever has it may read. Writing needs a key or a local caller.
/// </summary>
internal sealed class MessagesEndpoint(
    IOptions<HubOptions> options,
    PublisherAccess access,
    MessageLog log,
    MessageStore messages,
    ReceivedBody received,
    HubAddress address,
    HubClock time,
    ILogger<MessagesEndpoint> logger
)
{
    /// <summary>The body's type.</summary>
    public const string JsonType = "application/json";

    private const int MaxPatchBytes = 64 * 1024;

    public async Task<IResult> PostAsync(HttpContext context)
    {
        var (body, refusal) = await ReadAsync(context, options.Value.Publishing.MaxContentBytes);
        if (body is null)
            return refusal!;
        var (posted, isBatch, errors) = MessageReader.Read(body, () => RandomNumberGenerator.GetHexString(32, lowercase: true));
        if (errors.Count > 0)
            return PredicateResults.Errors(errors);

        var now = DatabaseTime.Now(time);
        var stored = await AppendAsync(
            context,
            [.. posted.SelectMany(MessageEvents.Posted)],
            async session =>
            {
                foreach (var message in posted)
                    await MessageStore.AddAsync(session, message, now);
                return true;
            }
        );
        if (!stored)
            return PredicateResults.Errors(PredicateError.StorageRefused());

        if (!isBatch)
            context.Response.Headers.Location = address.MessagesUrl + posted[0].Reference;
        JsonNode answer = isBatch ? new JsonArray([.. posted.Select(MessageJson.Full)]) : MessageJson.Full(posted[0]);
        return PredicateResults.Json(MessageJson.Bytes(answer), StatusCodes.Status201Created);
    }

    public async Task<IResult> GetAsync(HttpContext context, string reference)
    {
        if (await FindAsync(reference, context.RequestAborted) is not { } message)
            return PredicateResults.Errors(PredicateError.MessageNotFound(reference));
        context.Response.Headers["Link"] = LinkHeader.Write([address.PublicUrl], address.MessagesUrl + message.Reference);
        return PredicateResults.Json(MessageJson.Bytes(MessageJson.Full(message)));
    }

    public async Task<IResult> PatchAsync(HttpContext context, string reference)
    {
        var (body, refusal) = await ReadAsync(context, MaxPatchBytes);
        if (body is null)
            return refusal!;
        var (json, unreadable) = MessageReader.Parse(body);
        if (unreadable is not null)
            return PredicateResults.Errors(unreadable);
        if (json is not JsonObject { Count: > 0 } change)
            return PredicateResults.Errors(PredicateError.EmptyMessage());
        var spurious = change.Select(p => p.Key).Where(k => k != "status").Select(k => $"spurious attr: {k}").ToList();
        if (spurious.Count > 0)
            return PredicateResults.Errors(PredicateError.InvalidMessage(spurious));
        var status = HubMessage.TextOf(change, "status");
        if (status is null || !MessageStatus.Final.Contains(status, StringComparer.Ordinal))
            return PredicateResults.Errors(PredicateError.UnexpectedStatus(status, MessageStatus.Final));
        if (await FindAsync(reference, context.RequestAborted) is not { } message)
            return PredicateResults.Errors(PredicateError.MessageNotFound(reference));

        return await ChangeAsync(context, message, status);
    }

    private async Task<IResult> ChangeAsync(HttpContext context, HubMessage message, string status)
    {
        if (message.Status != status)
        {
            if (MessageStatus.Final.Contains(message.Status, StringComparer.Ordinal))
                return PredicateResults.Errors(PredicateError.FinalStatus(message.Status));
            var now = DatabaseTime.Now(time);
            var changed = message with { Status = status };
            var done = false;
            var stored = await AppendAsync(
                context,
                [MessageEvents.StatusChanged(changed)],
                async session => done = await MessageStore.ChangeStatusAsync(session, changed, now)
            );
            if (!stored)
                return PredicateResults.Errors(PredicateError.StorageRefused());

            // Another request was first: read the status again.
            if (!done)
                return await FindAsync(message.Reference, context.RequestAborted) is { } newer
                    ? await ChangeAsync(context, newer, status)
                    : PredicateResults.Errors(PredicateError.MessageNotFound(message.Reference));
            message = changed;
        }

        return PredicateResults.Json(MessageJson.Bytes(MessageJson.Full(message)));
    }

    private async Task<(byte[]? Body, IResult? Refusal)> ReadAsync(HttpContext context, long limit)
    {
        var caller = await access.ReadAsync(context);
        if (!caller.MayPublish)
            return (null, PredicateResults.KeyWanted(context, caller, "publishing"));
        var type = context.Request.MediaType();
        if (type != JsonType)
            return (null, PredicateResults.Errors(PredicateError.UnsupportedMediaType(type, JsonType)));
        var (body, inTime) = await received.ReadAsItCameAsync(context, limit);
        return body is null ? (null, PredicateResults.NotRead(context, inTime, limit)) : (body, null);
    }

    /// <summary>False if the database refused.</summary>
    private async Task<bool> AppendAsync(HttpContext context, IReadOnlyList<MessageEvent> events, Func<DbSession, Task<bool>> store)
    {
        using var activity = WebSubHubTelemetry.Start(WebSubHubTelemetry.Publish)?.SetTag("websub.source", "message");
        try
        {
            await log.AppendAsync(events, store, context.RequestAborted);
            return true;
        }
#pragma warning disable CA1031 // All of it is database work; the error goes to the log, not to the caller.
        catch (Exception e) when (PredicateRequests.IsRefusal(e))
#pragma warning restore CA1031
        {
            Log.StorageRefused(logger, e, context.Request.Method, context.Request.Path);
            return false;
        }
    }

    // Text that cannot be a reference is not looked up.
    private Task<HubMessage?> FindAsync(string reference, CancellationToken cancellationToken) =>
        reference.Length == 32 && reference.All(char.IsAsciiHexDigitLower)
            ? messages.FindAsync(reference, cancellationToken)
            : Task.FromResult<HubMessage?>(null);
}
