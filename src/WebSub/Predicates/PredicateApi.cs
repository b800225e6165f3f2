using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WebSub.Http;
using WebSub.Protocol;

namespace WebSub.Predicates;

/// <summary>
/// A client for a predicate Subscriptions API, ours or one like intergov's: subscribe to dotted topics, post messages, change their status,
/// read them. Expected failures are answers, not exceptions.
/// </summary>
/// <param name="http">For example <c>OutboundHttp.CreateClient(…)</c>.</param>
/// <param name="address">Where the API is: <c>https://hub.example/</c> has <c>/subscriptions</c> and <c>/messages</c>.</param>
public sealed class PredicateApi(HttpClient http, Uri address)
{
    private const int MaxAnswerBytes = 16 * 1024 * 1024;
    private const int MaxExplanation = 2048;
    private readonly string _base = address.AbsoluteUri.TrimEnd('/');

    /// <summary>
    /// The hub's API key, sent as <c>Authorization: Bearer KEY</c>. Posting and changing messages requires one, unless the hub is on the
    /// same machine.
    /// </summary>
    /// <value>Default: none.</value>
    public string? ApiKey { get; init; }

    /// <summary>How long an exchange may take.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Subscribes, or renews. The API may ask the callback first, by GET with <c>hub.challenge</c>.</summary>
    public Task<PredicateAnswer> SubscribeAsync(PredicateSubscription subscription, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return PostFormAsync(HubModes.Subscribe, subscription, cancellationToken);
    }

    /// <summary>Unsubscribes. 404 if the callback was not subscribed to exactly this topic.</summary>
    public Task<PredicateAnswer> UnsubscribeAsync(string topic, string callback, CancellationToken cancellationToken = default) =>
        PostFormAsync(HubModes.Unsubscribe, new(topic, callback), cancellationToken);

    /// <summary>Posts a message; returns it with its reference, name and status.</summary>
    public Task<PredicateAnswer<PredicateMessage>> PostAsync(PredicateMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return ExchangeAsync<PredicateMessage>(HttpMethod.Post, "/messages", Json(message), cancellationToken);
    }

    /// <summary>Posts several messages, all or none; returns them in order.</summary>
    public Task<PredicateAnswer<IReadOnlyList<PredicateMessage>>> PostAsync(
        IReadOnlyList<PredicateMessage> messages,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(messages);
        return ExchangeAsync<IReadOnlyList<PredicateMessage>>(HttpMethod.Post, "/messages", Json(messages), cancellationToken);
    }

    /// <summary>Accepts or rejects a message. A message can get such a status only once.</summary>
    /// <param name="reference">The message's reference.</param>
    /// <param name="status"><c>accepted</c> or <c>rejected</c>.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    public Task<PredicateAnswer<PredicateMessage>> ChangeStatusAsync(
        string reference,
        string status,
        CancellationToken cancellationToken = default
    ) => ExchangeAsync<PredicateMessage>(HttpMethod.Patch, PathOf(reference), Json(new { status }), cancellationToken);

    /// <summary>Reads a message.</summary>
    public Task<PredicateAnswer<PredicateMessage>> ReadAsync(string reference, CancellationToken cancellationToken = default) =>
        ExchangeAsync<PredicateMessage>(HttpMethod.Get, PathOf(reference), null, cancellationToken);

    private static string PathOf(string reference)
    {
        ArgumentException.ThrowIfNullOrEmpty(reference);
        return $"/messages/{Uri.EscapeDataString(reference)}";
    }

    private static ByteArrayContent Json<T>(T value)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, PredicateWire.Options));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private async Task<PredicateAnswer> PostFormAsync(string mode, PredicateSubscription subscription, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(subscription.Topic, nameof(subscription));
        ArgumentException.ThrowIfNullOrEmpty(subscription.Callback, nameof(subscription));
        var form = new HubFields()
            .Add(HubParameters.Mode, mode)
            .Add(HubParameters.Topic, subscription.Topic)
            .Add(HubParameters.Callback, subscription.Callback)
            .Add(HubParameters.LeaseSeconds, subscription.LeaseSeconds)
            .Add(HubParameters.Secret, subscription.Secret);
        var (answer, _) = await SendAsync(
                HttpMethod.Post,
                "/subscriptions",
                new StringContent(form.ToString(), Encoding.ASCII, "application/x-www-form-urlencoded"),
                cancellationToken
            )
            .ConfigureAwait(false);
        return answer;
    }

    private async Task<PredicateAnswer<T>> ExchangeAsync<T>(
        HttpMethod method,
        string path,
        HttpContent? content,
        CancellationToken cancellationToken
    )
        where T : class
    {
        var (answer, body) = await SendAsync(method, path, content, cancellationToken).ConfigureAwait(false);
        var value = answer.IsAccepted ? Read<T>(body) : null;
        var isUnreadable = answer.IsAccepted && value is null;
        return new()
        {
            Outcome = isUnreadable ? HubOutcome.Failed : answer.Outcome,
            StatusCode = answer.StatusCode,
            Explanation = isUnreadable ? $"The API answered {answer.StatusCode}, but not with a message." : answer.Explanation,
            Problems = answer.Problems,
            Value = value,
        };
    }

    private async Task<(PredicateAnswer Answer, byte[] Body)> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, _base + path) { Content = content };
        if (ApiKey is not null)
            request.Headers.Authorization = new("Bearer", ApiKey);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token)
                .ConfigureAwait(false);
            var stream = await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
            var body = await BoundedBody.ReadAsync(stream, MaxAnswerBytes, deadline.Token).ConfigureAwait(false) ?? [];
            return (Answer((int)response.StatusCode, body), body);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (None(HubOutcome.TimedOut, $"The API did not answer within {Timeout.TotalSeconds:0.#} s."), []);
        }
        catch (HttpRequestException e) when (AddressRefusedException.In(e) is { } refusal)
        {
            return (None(HubOutcome.AddressRefused, refusal.Message), []);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (None(HubOutcome.Unreachable, $"The API cannot be reached: {PlainText.Of(e.GetBaseException().Message)}"), []);
        }
    }

    private static PredicateAnswer None(HubOutcome outcome, string explanation) => new() { Outcome = outcome, Explanation = explanation };

    private static PredicateAnswer Answer(int status, byte[] body)
    {
        var problems = status >= 400 ? Read<PredicateProblems>(body)?.Errors ?? [] : [];
        var details = string.Join(
            " ",
            problems.Select(p =>
                p.Source.ValueKind == JsonValueKind.Array && p.Source.GetArrayLength() > 0 ? $"{p.Detail} {p.Source}" : p.Detail
            )
        );
        return new()
        {
            Outcome = status switch
            {
                >= 200 and < 300 => HubOutcome.Accepted,
                >= 300 and < 400 => HubOutcome.BadRedirect,
                408 or 425 or 429 or >= 500 => HubOutcome.Failed,
                _ => HubOutcome.Refused,
            },
            StatusCode = status,
            Explanation =
                details.Length > 0 ? $"The API answered {status}: {PlainText.Of(details, MaxExplanation)}" : $"The API answered {status}.",
            Problems = problems,
        };
    }

    private static T? Read<T>(byte[] body)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, PredicateWire.Options);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
