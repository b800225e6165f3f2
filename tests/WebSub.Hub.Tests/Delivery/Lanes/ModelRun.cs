using WebSub.Hub.Delivery.Lanes;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Tests.Delivery.Lanes;

/// <summary>A run of a <see cref="ModelTopic"/>'s lane.</summary>
internal sealed class ModelRun(LaneRow lane, DeliveryOptions options)
{
    public LaneState State { get; } = new(lane, options, LaneSandbox.Nobody);

    /// <summary>The save that is under way.</summary>
    public LaneSave? Saving { get; set; }

    /// <summary>Entries it has asked for.</summary>
    public HashSet<long> Reading { get; } = [];

    /// <summary>True if it has said that only a save brings it on, or was just asked for one.</summary>
    public bool IsAwaited { get; set; } = true;

    /// <summary>True once another node has claimed the lane.</summary>
    public bool HasLostItsClaim { get; set; }
}
