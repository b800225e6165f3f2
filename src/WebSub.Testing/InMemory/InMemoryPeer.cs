using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace WebSub.Testing.InMemory;

/// <summary>Lets a peer answer HTTP requests without a socket.</summary>
internal sealed class InMemoryPeer(RequestDelegate peer) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var url = request.RequestUri!;
        using var connection = new Connection(cancellationToken);
        using var answer = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(connection);
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = url.PathAndQuery;
        context.Request.Method = request.Method.Method;
        context.Request.Scheme = url.Scheme;
        context.Request.Host = new HostString(url.Authority);
        // As text: a URL that is kept byte for byte does not let itself be taken apart.
        var (path, query) = Split(url.PathAndQuery);
        context.Request.Path = PathString.FromUriComponent(path);
        context.Request.QueryString = QueryString.FromUriComponent(query);
        foreach (var (name, values) in request.Headers.NonValidated)
            context.Request.Headers[name] = values.ToString();
        if (request.Content is { } content)
        {
            // Content-Length is there only once it was asked for.
            _ = content.Headers.ContentLength;
            foreach (var (name, values) in content.Headers.NonValidated)
                context.Request.Headers[name] = values.ToString();
            context.Request.Body = await content.ReadAsStreamAsync(cancellationToken);
        }

        context.Response.Body = answer;
        // A peer that takes its time does not know that nobody waits any more.
        await peer(context).WaitAsync(cancellationToken);
        await context.Response.CompleteAsync();
        return connection.IsAborted ? throw new HttpRequestException("The peer closed the connection.") : Read(request, context, answer);
    }

    private static (string Path, string Query) Split(string target) =>
        target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? (target[..at], target[at..]) : (target, "");

    private static HttpResponseMessage Read(HttpRequestMessage request, DefaultHttpContext context, MemoryStream answer)
    {
        var response = new HttpResponseMessage((HttpStatusCode)context.Response.StatusCode)
        {
            RequestMessage = request,
            Content = new ByteArrayContent(answer.ToArray()),
        };
        foreach (var (name, values) in context.Response.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, values.ToArray()))
                response.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        return response;
    }

    private sealed class Connection : IHttpRequestLifetimeFeature, IDisposable
    {
        private readonly CancellationTokenSource _over;

        public Connection(CancellationToken cancellationToken)
        {
            _over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            RequestAborted = _over.Token;
        }

        public CancellationToken RequestAborted { get; set; }

        public bool IsAborted { get; private set; }

        public void Abort() => IsAborted = true;

        public void Dispose() => _over.Dispose();
    }
}
