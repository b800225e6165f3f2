using System.Text;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Protocol;
using WebSub.Signatures;

namespace WebSub.Conformance.Subscriber;

/// <summary>What a check works with: the topics and subscriptions that all checks share, requests of its own, and a transcript.</summary>
internal sealed class SubscriberBench(SubscriberCheckOptions options, Scenes scenes, TimeProvider time, CancellationToken over)
    : ICheckBench
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private readonly Transcript _transcript = new(time);
    private readonly HashSet<TopicScene> _shared = [];

    /// <inheritdoc/>
    public IReadOnlyList<Exchange> Exchanges =>
        [.. _shared.SelectMany(s => s.Transcript.Exchanges).Concat(_transcript.Exchanges).OrderBy(e => e.At)];

    /// <inheritdoc/>
    public string? Remark { get; set; }

    public SubscriberCheckOptions Options => options;

    public CancellationToken Over => over;

    /// <summary>A topic; what was said about it goes into the report.</summary>
    public TopicScene Scene(TopicKind kind)
    {
        _shared.Add(scenes[kind]);
        return scenes[kind];
    }

    /// <inheritdoc cref="Scenes.RequestsAsync"/>
    public Task<IReadOnlyList<HubRequest>> RequestsAsync()
    {
        _shared.UnionWith(scenes.All);
        return scenes.RequestsAsync();
    }

    /// <summary>The request that most checks are about.</summary>
    /// <inheritdoc cref="Scenes.MainAsync"/>
    public async Task<HubRequest> RequestAsync() => (await MainAsync().ConfigureAwait(false)).Request;

    /// <summary>The subscription that most checks are about, confirmed by its callback.</summary>
    /// <exception cref="CheckSkippedException">There is none.</exception>
    public async Task<(TopicScene Scene, HubRequest Subscription)> SubscribedAsync()
    {
        var (scene, _) = await MainAsync().ConfigureAwait(false);
        return (scene, await scene.SubscribedAsync().ConfigureAwait(false));
    }

    /// <summary>The first update of that subscription, rightly signed.</summary>
    /// <inheritdoc cref="TopicScene.DeliveredAsync"/>
    public async Task<Genuine> DeliveredAsync() =>
        await (await MainAsync().ConfigureAwait(false)).Scene.DeliveredAsync().ConfigureAwait(false);

    /// <summary>A subscription with a secret, and the method with which an update of it was accepted.</summary>
    /// <exception cref="CheckSkippedException">There is none.</exception>
    public async Task<(TopicScene Scene, HubRequest Subscription, SignatureMethod Method)> SignedAsync()
    {
        var (scene, subscription) = await SubscribedAsync().ConfigureAwait(false);
        if (subscription.Secret is not { Length: > 0 })
            throw new CheckSkippedException("it gave no secret");
        var genuine = await DeliveredAsync().ConfigureAwait(false);
        return genuine is { Answer.IsSuccess: true, Method: { } method }
            ? (scene, subscription, method)
            : throw new CheckSkippedException("no delivery was accepted that was rightly signed; see S22");
    }

    /// <summary>A request to the callback with the parameters of a hub.</summary>
    public Task<CallbackAnswer> AskAsync(TopicScene scene, string callback, params (string Name, string Value)[] parameters) =>
        scene.AskAsync(_transcript, callback, new HubFields(parameters.Select(p => KeyValuePair.Create(p.Name, p.Value))));

    /// <summary>A verification.</summary>
    public Task<CallbackAnswer> VerifyAsync(TopicScene scene, string callback, string mode, string topic, string challenge) =>
        AskAsync(
            scene,
            callback,
            (HubParameters.Mode, mode),
            (HubParameters.Topic, topic),
            (HubParameters.Challenge, challenge),
            (HubParameters.LeaseSeconds, $"{scene.Hub.Lease}")
        );

    /// <summary>A delivery.</summary>
    public Task<CallbackAnswer> DeliverAsync(TopicScene scene, HubRequest subscription, Update update, string? signature) =>
        scene.DeliverAsync(_transcript, subscription, update, signature);

    /// <summary>A delivery with a Link header of its own.</summary>
    public Task<CallbackAnswer> DeliverAsync(TopicScene scene, HubRequest subscription, Update update, string? signature, string link) =>
        scene.DeliverAsync(_transcript, subscription, update, signature, link);

    /// <summary>The right signature.</summary>
    public static string Sign(HubRequest subscription, SignatureMethod method, byte[] body) =>
        HubSignature.Compute(method, Encoding.UTF8.GetBytes(subscription.Secret!), body);

    /// <summary>Waits until the subscriber has taken note of an answer.</summary>
    public Task SettleAsync() => Task.Delay(options.Settle, time, over);

    /// <summary>
    /// Fails if the update was taken for genuine. An answer that is not 2xx shows that it was not; after 2xx it is looked for in what the
    /// subscriber has received, next to one that is genuine.
    /// </summary>
    /// <exception cref="CheckSkippedException">Nothing shows it.</exception>
    public async Task ExpectIgnoredAsync(TopicScene scene, HubRequest subscription, Update forged, CallbackAnswer answer, string what)
    {
        if (!answer.IsSuccess)
            return;
        if (options.Received is null)
            throw new CheckSkippedException(
                $"it answered {answer.Status}, as it may; whether it ignored the update shows only in what it has received"
            );
        var (_, _, method) = await SignedAsync().ConfigureAwait(false);
        var genuine = Update.Of(scene.Kind);
        await DeliverAsync(scene, subscription, genuine, Sign(subscription, method, genuine.Body)).ConfigureAwait(false);
        if (!await ShowsAsync(options.Received, scene, genuine).ConfigureAwait(false))
            throw new CheckSkippedException("what it has received does not show a genuine update either; see S27");
        if ((await options.Received(scene.Url, over).ConfigureAwait(false)).Contains(forged.Marker, StringComparison.Ordinal))
            throw new CheckFailedException($"{what} was answered {answer.Status} and taken for genuine");
    }

    /// <summary>True once what the subscriber has received shows the update; false if it does not within its patience.</summary>
    public async Task<bool> ShowsAsync(Func<string, CancellationToken, Task<string>> received, TopicScene scene, Update update)
    {
        var until = time.GetUtcNow() + options.Patience;
        while (true)
        {
            if ((await received(scene.Url, over).ConfigureAwait(false)).Contains(update.Marker, StringComparison.Ordinal))
                return true;
            if (time.GetUtcNow() >= until)
                return false;
            await Task.Delay(LookEvery, time, over).ConfigureAwait(false);
        }
    }

    private async Task<(TopicScene Scene, HubRequest Request)> MainAsync()
    {
        var main = await scenes.MainAsync().ConfigureAwait(false);
        _shared.Add(main.Scene);
        return main;
    }
}
