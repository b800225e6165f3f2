using WebSub.Protocol;

namespace WebSub.Publisher.Doctor;

/// <summary>Hides the Link headers of responses, to see what the documents alone say.</summary>
internal sealed class LinklessHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        response.Headers.Remove(LinkHeader.Name);
        return response;
    }
}
