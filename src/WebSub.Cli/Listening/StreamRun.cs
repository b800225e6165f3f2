using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using WebSub.Cli.Terminal;
using WebSub.Http;
using WebSub.Subscriber;
using WebSub.Subscriber.Health;

namespace WebSub.Cli.Listening;

/// <summary>One run of <c>websub listen --stream</c>: reads a topic's log from the hub, without being reachable from there.</summary>
/// <remarks>
/// <para>1. Find the hubs; take the first that has an event stream.</para>
/// <para>2. Print what it sends; whenever it breaks off, ask again for what follows the last update.</para>
/// <para>3. Until Ctrl-C, or the last wanted update.</para>
/// </remarks>
internal sealed class StreamRun(ListenSettings settings, TimeProvider time)
{
    // Hubs send a comment every 15 seconds, unless they are told otherwise.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(20),
        TimeSpan.FromMinutes(1),
    ];
    private const int LongestReason = 1000;
    private readonly ListenPrinter _printer = new(settings.Json, time);
    private long? _last = settings.After;
    private int _failures;
    private bool _wasOpen;

    /// <summary>Runs, and returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken interrupted)
    {
        try
        {
            // 1.
            var outbound = Outbound.Options(settings.AllowPrivate, [settings.Url, settings.Hub ?? ""]);
            var found = settings.Hub is null ? await new ListenDiscovery(settings, _printer, time).FindAsync(outbound, interrupted) : null;
            IReadOnlyList<string> hubs = settings.Hub is { } hub ? [hub] : [.. found?.Hubs.Select(h => h.Url) ?? []];
            using var targets = hubs.Count > 0 ? UpdateTargets.Create(settings, time) : null;
            if (targets is null)
                return ExitCode.Failed;
            using var sink = new UpdateSink(settings, _printer, targets.All, time);
            using var http = OutboundHttp.CreateClient(outbound);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(interrupted);

            // 2.
            var following = FollowAsync(http, hubs, found?.Self?.Url ?? settings.Url, sink, over.Token);

            // 3.
            var isWanted = await Task.WhenAny(following, sink.Enough) == sink.Enough;
            await over.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_last is { } last && !settings.Json)
                Report.Note($"--after {last} goes on from here.");
            return (isWanted || following.IsCanceled) && !sink.HasFailures ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
    }

    /// <summary>Ends only when no hub has the stream.</summary>
    private async Task FollowAsync(HttpClient http, IReadOnlyList<string> hubs, string topic, UpdateSink sink, CancellationToken over)
    {
        var refusals = new List<string>();
        foreach (var hub in hubs)
        {
            if (settings.ApiKey is not null)
                Outbound.WarnOfPlainHttp(hub);
            while (true)
            {
                var fault = await ReadAsync(http, hub, topic, sink, over);
                if (fault.IsFinal)
                {
                    refusals.Add(fault.Sentence);
                    break;
                }

                var pause = fault.Pause ?? Pauses[Math.Min(_failures, Pauses.Length - 1)];
                _failures++;
                Tell(EventName.Failed, hub, topic, $"{fault.Sentence.TrimEnd('.')}. It is asked again in {pause.TotalSeconds:0} s.");
                await Task.Delay(pause, time, over);
            }
        }

        _printer.Fail(topic, string.Join(" ", refusals));
    }

    /// <summary>Reads the stream until it breaks off.</summary>
    private async Task<StreamFault> ReadAsync(HttpClient http, string hub, string topic, UpdateSink sink, CancellationToken over)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, EventStreamUrl.Of(hub, topic, _last));
            request.Headers.Accept.Add(new("text/event-stream"));
            if (settings.ApiKey is { } key)
                request.Headers.Authorization = new("Bearer", key);
            using var response = await Waiting.ForAsync(AskAsync(http, request, over), hub, over);
            if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentType?.MediaType != "text/event-stream")
                return await RefusedAsync(hub, response, over);

            _wasOpen = true;
            Tell(EventName.Connected, hub, topic, $"the event stream of {hub} is open");
            await using var body = new LiveStream(await response.Content.ReadAsStreamAsync(over), LongestSilence, time);
            var why = "";
            await foreach (var item in SseParser.Create(body).EnumerateAsync(over))
            {
                _failures = 0;
                if (item.EventType == "dropped" && DataOf(item.Data, "reason") is { ValueKind: JsonValueKind.String } reason)
                    why = $": {reason.GetString()}";
                await TakeAsync(item, hub, topic, sink, over);
            }

            return new($"The stream of {hub} has ended{why.TrimEnd('.')}.", IsFinal: false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException && !over.IsCancellationRequested)
        {
            // A person who has just typed the address wants to know now.
            var cause = e is HttpRequestException ? e.GetBaseException() : e;
            var isRefused = cause is AddressRefusedException;
            return new($"{hub} cannot be reached: {cause.Message}{Outbound.Hint(isRefused)}", isRefused || !_wasOpen);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(HttpClient http, HttpRequestMessage request, CancellationToken over)
    {
        using var deadline = new CancellationTokenSource(LongestAnswer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, deadline.Token);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (OperationCanceledException e) when (!over.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {LongestAnswer.TotalSeconds:0} s", e);
        }
    }

    private async Task<StreamFault> RefusedAsync(string hub, HttpResponseMessage response, CancellationToken over)
    {
        var status = (int)response.StatusCode;
        if (status is 408 or 425 or 429 or >= 500)
            return new($"{hub} answered {status}.", IsFinal: false) { Pause = RetryAfter.Read(response, time.GetUtcNow()) };
        await using var body = new LiveStream(await response.Content.ReadAsStreamAsync(over), LongestAnswer, time);
        var words =
            response.Content.Headers.ContentType?.MediaType == "text/plain"
                ? await BoundedBody.ReadStartAsync(body, LongestReason, over)
                : [];
        var reason = System.Text.Encoding.UTF8.GetString(words).Trim();
        return status switch
        {
            401 or 403 => new(
                $"{hub} answered {status}{(reason.Length > 0 ? $": {reason}" : ".")}"
                    + (settings.ApiKey is null ? $" On this command line: --api-key KEY, or {Variables.ApiKey}." : ""),
                IsFinal: true
            ),
            _ => new(
                $"{hub} answered {status} to a request for its event stream; it may not have one, as only hubs of this project do. "
                    + "Without --stream the hub must be able to reach this machine.",
                IsFinal: true
            ),
        };
    }

    private async Task TakeAsync(SseItem<string> item, string hub, string topic, UpdateSink sink, CancellationToken over)
    {
        if (item.EventType == "gap")
        {
            var what = DataOf(item.Data, "oldest") is { ValueKind: JsonValueKind.Number } oldest ? $"before no. {oldest}" : "next";
            Tell(EventName.Gap, hub, topic, $"the hub no longer keeps what came {what}");
            return;
        }

        if (item.EventType != SseParser.EventTypeDefault || UpdateOf(item.Data) is not { } update)
            return;
        _last = update.Sequence;
        var headers = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        if (update.ContentType is { } type)
            headers["Content-Type"] = type;
        await sink.TakeAsync(
            new()
            {
                Body = update.Bytes,
                ContentType = update.ContentType,
                Headers = headers,
                Topic = topic,
                DeliveryId = update.DeliveryId,
                ReceivedAt = time.GetUtcNow(),
                Subscription = new()
                {
                    Id = Guid.Empty,
                    Handler = ListenApp.Handler,
                    Target = WebSubTarget.Topic(topic, hub),
                    State = WebSubSubscriptionState.Active,
                    Topic = topic,
                    Hub = hub,
                },
            },
            update.Sequence,
            over
        );
    }

    /// <summary>A property of an event's data; null if there is none.</summary>
    private static JsonElement? DataOf(string data, string name)
    {
        try
        {
            return JsonElement.Parse(data).GetProperty(name);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private void Tell(string what, string hub, string topic, string text) =>
        _printer.Write(
            new()
            {
                Event = what,
                Topic = topic,
                At = time.GetUtcNow(),
                Hub = hub,
                Reason = what == EventName.Connected ? null : text,
            },
            text
        );

    /// <summary>Why the stream cannot be read, or no longer.</summary>
    private sealed record StreamFault(string Sentence, bool IsFinal)
    {
        public TimeSpan? Pause { get; init; }
    }

    /// <summary>An event's data; null if it is something else.</summary>
    private static HistoryItem? UpdateOf(string data)
    {
        try
        {
            return JsonSerializer.Deserialize<HistoryItem>(data, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
