using WebSub.Http;
using WebSub.Protocol;
using WebSub.Subscriber;
using WebSub.Values;

namespace WebSub.Cli.Listening;

/// <summary><c>--forward</c>: POSTs each update on, with the headers that say what it is.</summary>
internal sealed class ForwardTarget : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly string[] Passed =
    [
        "Content-Type",
        "Content-Encoding",
        LinkHeader.Name,
        HubHeaders.Signature,
        HubHeaders.DeliveryId,
    ];
    private readonly string _typed;
    private readonly Uri _url;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public ForwardTarget(string url, bool allowPrivate, TimeProvider time)
    {
        if (!VerbatimUrl.TryCreate(url, out var parsed, out var fault))
            throw new ArgumentException($"The URL {fault}.", nameof(url));
        (_typed, _url, _time) = (url, parsed, time);
        // The user typed this address; what may be private here says nothing about what hubs may name.
        _http = OutboundHttp.CreateClient(
            new OutboundOptions { AllowPrivateNetworks = allowPrivate || AddressGuard.IsPrivateHost(parsed) }
        );
    }

    public async Task<string?> SendAsync(WebSubNotification notification, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ReadOnlyMemoryContent(notification.Body) };
            foreach (var name in Passed)
            {
                if (!notification.Headers.TryGetValue(name, out var values))
                    continue;
                if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                    request.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }

            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.IsSuccessStatusCode ? null : $"{_typed} answered {(int)response.StatusCode} to an update.";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{_typed} did not answer within {Timeout.TotalSeconds} s.";
        }
        catch (HttpRequestException e)
        {
            return $"{_typed} cannot be reached: {e.GetBaseException().Message}";
        }
    }

    public void Dispose() => _http.Dispose();
}
