using WebSub.Hub.Administration;
using WebSub.Hub.Delivery.Replays;
using WebSub.Hub.Signals;
using WebSub.Work;

namespace WebSub.Hub.Cluster;

/// <summary>The signals of loops by the names that nodes use for them among each other.</summary>
internal sealed class NamedSignals(IntentSignal intent, FetchSignal fetch, BehindSignal behind, ReplaySignal replay, ActionSignal action)
{
    public IReadOnlyDictionary<string, WorkSignal> All { get; } =
        new Dictionary<string, WorkSignal>(StringComparer.Ordinal)
        {
            ["verify"] = intent,
            ["fetch"] = fetch,
            ["behind"] = behind,
            ["replay"] = replay,
            ["act"] = action,
        };
}
