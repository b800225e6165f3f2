using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using WebSub.Protocol;

namespace WebSub.Publisher;

/// <summary>A hub that answers as it is told, from a script and then always the same, and hands each message to the test.</summary>
internal sealed class HubPeer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly Channel<PeerRequest> _messages = Channel.CreateUnbounded<PeerRequest>();
    private readonly Queue<RequestDelegate> _script;
    private readonly Lock _lock = new();
    private HttpPeer? _peer;

    private HubPeer(RequestDelegate[] script) => _script = new(script);

    public string Url => _peer!.Url;

    /// <summary>How many messages came in all.</summary>
    public int Count => _peer!.Requests.Count;

    public static Task<HubPeer> StartAsync(params int[] statuses) => StartAsync([.. statuses.Select(s => Answers.Status(s))]);

    /// <summary>Answers with these in turn; with the last one from then on, with 202 if there is none.</summary>
    public static async Task<HubPeer> StartAsync(RequestDelegate[] script)
    {
        var hub = new HubPeer(script);
        hub._peer = await HttpPeer.StartAsync(async context =>
        {
            RequestDelegate answer;
            lock (hub._lock)
                answer =
                    hub._script.Count > 1 ? hub._script.Dequeue()
                    : hub._script.TryPeek(out var last) ? last
                    : Answers.Status(202);

            await answer(context);
            await context.Response.CompleteAsync();
            hub._messages.Writer.TryWrite((PeerRequest)context.Items[typeof(PeerRequest)]!);
        });
        return hub;
    }

    /// <summary>The next message, once it was answered.</summary>
    public async Task<PeerRequest> NextAsync() => await _messages.Reader.ReadAsync().AsTask().WaitAsync(Deadline);

    /// <summary>The topic of the next ping.</summary>
    public async Task<string?> NextTopicAsync() =>
        HubFields.TryParse((await NextAsync()).Body, out var fields, out _) ? fields[HubParameters.Topic] : null;

    public ValueTask DisposeAsync() => _peer!.DisposeAsync();
}
