using WebSub.Conformance.Peers;

namespace WebSub.Conformance.Hub;

/// <summary>Waits for a verification that a callback refuses.</summary>
internal static class Refused
{
    /// <summary>A verification beyond those before has come, and the hub has had a moment to read the answer.</summary>
    public static async Task OnceAsync(HubBench bench, PeerCallback callback, int before)
    {
        await callback
            .Verifications.FirstAsync(
                v => callback.Verifications.All.Skip(before).Contains(v),
                "verification",
                bench.Options.Patience,
                bench.Over
            )
            .ConfigureAwait(false);
        await bench.PauseAsync(bench.Options.Quiet).ConfigureAwait(false);
    }
}
