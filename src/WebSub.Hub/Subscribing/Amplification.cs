using WebSub.Hub.Storage;
using WebSub.Values;
using WebSub.Wire;

namespace WebSub.Hub.Subscribing;

/// <summary>
/// A verification goes to whatever callback a stranger names, and repeats what the stranger wrote: it must not multiply it.
/// </summary>
internal static class Amplification
{
    /// <summary>Why such a request is refused, as a sentence.</summary>
    public const string Refusal =
        "The verification would be larger than this request; send hub.topic and hub.verify_token percent-encoded and uncompressed.";

    /// <summary>Up to this, a verification is no larger than what setting up its connection takes.</summary>
    private const int SmallEcho = 1024;

    /// <summary>True if the verification would repeat more than was sent.</summary>
    /// <param name="request">The HTTP request.</param>
    /// <param name="formBytes">The length of its form.</param>
    /// <param name="row">What it asks for.</param>
    public static bool IsCausedBy(HttpRequest request, int formBytes, RequestRow row)
    {
        if (!Callback.TryParse(row.Callback, out var callback, out _))
            return false;
        var echo = IntentRequest.EchoOf(row, callback);
        if (echo <= SmallEcho)
            return false;
        var body = WireBody.Of(request.HttpContext).ContentEncoding.Count == 0 ? formBytes : request.ContentLength ?? 0;
        return echo > body + request.Headers.Sum(h => h.Key.Length + h.Value.ToString().Length);
    }
}
