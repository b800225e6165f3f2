using System.Collections.Concurrent;
using System.Text;
using WebSub.Conformance.Checks;
using WebSub.Protocol;

namespace WebSub.Conformance.Peers;

/// <summary>A topic of ours: a text that changes, which names the hub that is checked and itself.</summary>
internal sealed class PeerTopic
{
    private readonly string _hub;
    private readonly ConcurrentQueue<byte[]> _shown = new();
    private volatile PeerAnswer _now;
    private string _contentType = "text/plain";

    public PeerTopic(PeerServer server, Transcript transcript, string hub)
    {
        _hub = hub;
        Url =
            server.PublicUrl
            + server.Add(
                "topic",
                (request, _) =>
                {
                    transcript.Received(request, _now!);
                    return Task.FromResult(_now!);
                }
            );
        _now = Content(Encoding.UTF8.GetBytes("nothing yet"), _contentType);
    }

    public string Url { get; }

    /// <summary>True if these are the bytes that it shows, or showed before.</summary>
    public bool HasShown(ReadOnlySpan<byte> content)
    {
        foreach (var shown in _shown)
        {
            if (content.SequenceEqual(shown))
                return true;
        }

        return false;
    }

    /// <summary>The text that it shows from now on.</summary>
    public void Show(string text, string contentType = "text/plain") => Show(Encoding.UTF8.GetBytes(text), contentType);

    /// <summary>The bytes that it shows from now on.</summary>
    public void Show(byte[] content, string contentType)
    {
        _contentType = contentType;
        _shown.Enqueue(content);
        _now = Content(content, contentType);
    }

    /// <summary>The same with a line break behind it, so that it counts as changed.</summary>
    public void Touch() => Show([.. _now.Body, (byte)'\n'], _contentType);

    /// <summary>There is no such topic any more.</summary>
    public void Remove() => _now = PeerAnswer.Text(404, "no such topic");

    private PeerAnswer Content(byte[] content, string contentType) =>
        new(200, content, new("Content-Type", contentType), new KeyValuePair<string, string>("Link", LinkHeader.Write([_hub], Url)));
}
