using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.TestSupport;
using WebSub.Values;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>
/// A subscriber without a library, for tests of hubs: each callback answers the challenges for its own topic (S15–S17) and records what is
/// delivered to it, with the verdict on its signature.
/// </summary>
internal sealed class CallbackSink : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, SinkCallback> _callbacks = new();
    private readonly HttpClient _http;
    private LoopbackServer? _server;

    private CallbackSink(TestCertificates? certificates) =>
        _http = OutboundHttp.CreateClient(
            new OutboundOptions { AllowPrivateNetworks = true, TrustedAuthorities = certificates is null ? [] : [certificates.Authority] }
        );

    /// <param name="certificates">Puts it on TLS, and lets it ask a hub of the same authority.</param>
    public static async Task<CallbackSink> StartAsync(TestCertificates? certificates = null)
    {
        var sink = new CallbackSink(certificates);
        sink._server = await LoopbackServer.StartAsync(sink.AnswerAsync, certificate: certificates?.Server);
        return sink;
    }

    /// <summary>A new callback that wants the topic; its URL has its own query (S7).</summary>
    public SinkCallback Expect(string topic, string? secret = null)
    {
        var path = $"/callback/{Guid.NewGuid():N}?part=a%2Fb";
        return _callbacks[path] = new(_server!.Url + path, topic, secret is null ? null : Secret.Parse(secret));
    }

    /// <summary>
    /// Asks the hub for a callback's topic, or for the end of it, and returns the hub's answer; the verification follows by itself.
    /// A <paramref name="secret"/> other than the callback's is for re-subscriptions: signatures are still judged by the callback's own.
    /// </summary>
    public Task<HubResponse> RequestAsync(
        string hub,
        SinkCallback callback,
        string mode = HubModes.Subscribe,
        long? leaseSeconds = null,
        string? secret = null
    ) =>
        new HubClient(_http).PostAsync(
            hub,
            new HubFields()
                .Add(HubParameters.Mode, mode)
                .Add(HubParameters.Topic, callback.Topic)
                .Add(HubParameters.Callback, callback.Url)
                .Add(HubParameters.LeaseSeconds, leaseSeconds)
                .Add(HubParameters.Content, mode == HubModes.Subscribe ? callback.Content : null)
                .Add(HubParameters.Secret, mode == HubModes.Subscribe ? secret ?? callback.Secret?.Value : null)
        );

    /// <summary>Subscribes and waits until the hub has verified it.</summary>
    public async Task<SinkCallback> SubscribeAsync(string hub, string topic, string? secret = null, long? leaseSeconds = null)
    {
        var callback = Expect(topic, secret);
        var response = await RequestAsync(hub, callback, leaseSeconds: leaseSeconds);
        Assert.True(response.IsAccepted, response.Explanation);
        await callback.WaitForVerificationsAsync(1);
        return callback;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // The query is compared as sent: the hub must have appended to it and changed nothing (H16, H17).
        var sent = context.Request.Path + context.Request.QueryString.Value;
        var callback = _callbacks.FirstOrDefault(c => sent == c.Key || sent.StartsWith(c.Key + "&", StringComparison.Ordinal)).Value;
        if (callback is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (HttpMethods.IsGet(context.Request.Method))
        {
            await VerifyAsync(context, callback);
        }
        else
        {
            await ReceiveAsync(context, callback);
        }
    }

    private static async Task VerifyAsync(HttpContext context, SinkCallback callback)
    {
        var fields = new HubFields(context.Request.Query.SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v ?? ""))));
        var challenge = fields[HubParameters.Challenge];
        var wanted = callback.Confirms && fields[HubParameters.Topic] == callback.Topic && challenge is not null;
        callback.Record(fields);
        if (callback.AnswerChallenge is { } answer)
        {
            await answer(fields, context.Response);
            return;
        }

        context.Response.StatusCode =
            wanted || fields[HubParameters.Mode] == HubModes.Denied ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
        if (wanted)
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(challenge!));
    }

    private static async Task ReceiveAsync(HttpContext context, SinkCallback callback)
    {
        var request = context.Request;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var delivery = new SinkDelivery(
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToArray(), StringComparer.OrdinalIgnoreCase),
            body.ToArray(),
            callback.Secret is { } secret ? HubSignature.Verify(request.Headers[HubHeaders.Signature], secret.Bytes, body.ToArray()) : null
        );
        await callback.ReceiveAsync(delivery, context.Response);
    }
}
