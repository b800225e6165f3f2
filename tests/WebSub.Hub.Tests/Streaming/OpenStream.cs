using System.Net.ServerSentEvents;
using WebSub.Http;

namespace WebSub.Hub.Tests.Streaming;

/// <summary>A client of an event stream.</summary>
internal sealed class OpenStream : IDisposable
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly CancellationTokenSource _deadline = new(HubHost.Deadline);
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private OpenStream(HttpClient http, HttpResponseMessage response, Stream stream)
    {
        (_http, _response) = (http, response);
        _events = SseParser.Create(stream).EnumerateAsync(_deadline.Token).GetAsyncEnumerator(_deadline.Token);
    }

    /// <summary>Opens a stream, which is there once this returns.</summary>
    public static async Task<OpenStream> OpenAsync(HttpRequestMessage request)
    {
        var handler = OutboundHttp.CreateHandler(new() { AllowPrivateNetworks = true });
        // Closes the connection at once when it is disposed, instead of reading on in hope of an end.
        handler.ResponseDrainTimeout = TimeSpan.Zero;
        var http = OutboundHttp.CreateClient(handler);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new(http, response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event.</summary>
    public async Task<SseItem<string>> NextAsync() =>
        await _events.MoveNextAsync() ? _events.Current : throw new InvalidOperationException("The stream is over.");

    /// <summary>True once the server has ended the stream.</summary>
    public async Task<bool> IsOverAsync()
    {
        try
        {
            return !await _events.MoveNextAsync();
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        _response.Dispose();
        _http.Dispose();
        _deadline.Dispose();
    }
}
