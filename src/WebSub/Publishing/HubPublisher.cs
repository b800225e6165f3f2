using WebSub.Http;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Publishing;

/// <summary>
/// Tells a hub that topics have changed (§6): with a ping, after which the hub fetches them, or by pushing the new content itself.
/// </summary>
/// <param name="client">Sends to the hub.</param>
public sealed class HubPublisher(HubClient client)
{
    /// <summary>The hub's API key, sent as <c>Authorization: Bearer KEY</c>.</summary>
    /// <value>Default: none.</value>
    public string? ApiKey { get; init; }

    /// <summary>How a ping names the topics.</summary>
    /// <value>Default: <see cref="PingForm.Both"/>.</value>
    public PingForm Form { get; init; }

    /// <summary>Tells the hub that one topic changed.</summary>
    /// <param name="hub">The hub's URL.</param>
    /// <param name="topic">The topic, byte for byte as advertised with <c>rel=self</c>.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    public Task<HubResponse> PingAsync(string hub, string topic, CancellationToken cancellationToken = default) =>
        PingAsync(hub, [topic], cancellationToken);

    /// <summary>Tells the hub in one message that several topics changed.</summary>
    /// <param name="hub">The hub's URL.</param>
    /// <param name="topics">The topics, byte for byte as advertised with <c>rel=self</c>.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    public Task<HubResponse> PingAsync(string hub, IEnumerable<string> topics, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(topics);
        var fields = new HubFields().Add(HubParameters.Mode, HubModes.Publish);
        foreach (var topic in topics)
        {
            ArgumentException.ThrowIfNullOrEmpty(topic, nameof(topics));
            if (Form != PingForm.Url)
                fields.Add(HubParameters.Topic, topic);
            if (Form != PingForm.Topic)
                fields.Add(HubParameters.Url, topic);
        }

        if (fields.Items.Count == 1)
            throw new ArgumentException("There is no topic to publish.", nameof(topics));
        return client.PostAsync(hub, fields, Headers(), cancellationToken);
    }

    /// <summary>
    /// Sends the hub the new content of a topic: <c>POST {hub}?hub.mode=publish&amp;hub.topic=URL</c> with the content as body. Hubs
    /// require a key.
    /// </summary>
    /// <param name="hub">The hub's URL; its own query is kept.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="content">The content, delivered to subscribers unchanged.</param>
    /// <param name="contentType">Its content type, verbatim.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    public Task<HubResponse> PushAsync(
        string hub,
        string topic,
        ReadOnlyMemory<byte> content,
        string contentType,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentException.ThrowIfNullOrEmpty(topic);
        ArgumentException.ThrowIfNullOrWhiteSpace(contentType);
        var query = new HubFields().Add(HubParameters.Mode, HubModes.Publish).Add(HubParameters.Topic, topic).ToString();
        return client.PostAsync(VerbatimUrl.WithQuery(hub, query), content, contentType, Headers(), cancellationToken);
    }

    /// <summary>
    /// Registers a topic with a hub that requires this before publishing. What it answers is in the response's body and headers.
    /// </summary>
    /// <param name="hub">The hub's URL.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    public Task<HubResponse> RegisterAsync(string hub, string topic, CancellationToken cancellationToken = default) =>
        SendAsync(HubModes.Register, hub, topic, cancellationToken);

    /// <summary>Withdraws a topic from a hub.</summary>
    /// <param name="hub">The hub's URL.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    public Task<HubResponse> DeregisterAsync(string hub, string topic, CancellationToken cancellationToken = default) =>
        SendAsync(HubModes.Deregister, hub, topic, cancellationToken);

    private Task<HubResponse> SendAsync(string mode, string hub, string topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentException.ThrowIfNullOrEmpty(topic);
        var fields = new HubFields().Add(HubParameters.Mode, mode).Add(HubParameters.Topic, topic);
        return client.PostAsync(hub, fields, Headers(), cancellationToken);
    }

    private KeyValuePair<string, string>[] Headers() => ApiKey is null ? [] : [new("Authorization", $"Bearer {ApiKey}")];
}
