using System.Net;

namespace WebSub.Testing.InMemory;

/// <summary>
/// All that the app under test can reach: whatever it posts goes to the hub, wherever that is said to be; what it reads comes from the
/// publisher at that address, or else is an empty page that names the hub.
/// </summary>
internal sealed class InMemoryNetwork(FakeHub hub, IReadOnlyList<FakePublisher> publishers) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _hub = new(new InMemoryPeer(hub.ReceiveAsync));
    private readonly Dictionary<string, HttpMessageInvoker> _publishers = publishers.ToDictionary(
        p => new Uri(p.Url()).Authority,
        p => new HttpMessageInvoker(new InMemoryPeer(p.AnswerAsync)),
        StringComparer.OrdinalIgnoreCase
    );

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_publishers.TryGetValue(request.RequestUri!.Authority, out var publisher))
            return publisher.SendAsync(request, cancellationToken);
        return request.Method == HttpMethod.Post
            ? _hub.SendAsync(request, cancellationToken)
            : Task.FromResult(PageThatNamesTheHub(request));
    }

    private HttpResponseMessage PageThatNamesTheHub(HttpRequestMessage request)
    {
        var page = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new StringContent("") };
        page.Headers.TryAddWithoutValidation("Link", $"<{hub.Url}>; rel=\"hub\", <{request.RequestUri!.AbsoluteUri}>; rel=\"self\"");
        return page;
    }
}
