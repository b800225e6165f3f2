using WebSub.Conformance.Checks;
using WebSub.Protocol;

namespace WebSub.Conformance.Peers;

/// <summary>
/// A callback of ours: confirms every verification and takes every delivery, unless <see cref="OnVerification"/> and
/// <see cref="OnDelivery"/> say otherwise.
/// </summary>
internal sealed class PeerCallback
{
    /// <param name="server">Where it lives.</param>
    /// <param name="transcript">What it is asked goes here.</param>
    /// <param name="time">The clock of its deadlines.</param>
    /// <param name="rest">What its URL has beyond its own name: more path, a query.</param>
    public PeerCallback(PeerServer server, Transcript transcript, TimeProvider time, string rest)
    {
        Verifications = new(time);
        Deliveries = new(time);
        Target =
            server.Add(
                "callback",
                async (request, cancellationToken) =>
                {
                    var isDelivery = request.Method == "POST";
                    var answer = await (isDelivery ? OnDelivery : OnVerification)(request, cancellationToken).ConfigureAwait(false);
                    transcript.Received(request, answer);
                    (isDelivery ? Deliveries : Verifications).Add(request);
                    return answer;
                }
            ) + rest;
        Url = server.PublicUrl + Target;
    }

    public string Url { get; }

    /// <summary>Path and query of the URL.</summary>
    public string Target { get; }

    /// <summary>Verifications and denials so far.</summary>
    public Inbox<ReceivedRequest> Verifications { get; }

    /// <summary>Deliveries so far.</summary>
    public Inbox<ReceivedRequest> Deliveries { get; }

    public Func<ReceivedRequest, CancellationToken, Task<PeerAnswer>> OnVerification { get; set; } =
        (request, _) => Task.FromResult(Confirm(request));

    public Func<ReceivedRequest, CancellationToken, Task<PeerAnswer>> OnDelivery { get; set; } =
        (_, _) => Task.FromResult(PeerAnswer.Text(200));

    /// <summary>The challenge, and nothing else (S16).</summary>
    public static PeerAnswer Confirm(ReceivedRequest request) => PeerAnswer.Text(200, request.Parameter(HubParameters.Challenge) ?? "");
}
