using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Tests.Delivery.Lanes;

/// <summary>A subscription of a <see cref="ModelTopic"/>: its row, and what really happened to it.</summary>
internal sealed class ModelSubscription
{
    /// <summary>The row; joined if it has no position.</summary>
    public required SubscriptionRow Row { get; set; }

    public DatabaseTime? Due { get; set; }

    public bool IsClaimed { get; set; }

    /// <summary>Entries that were published for it while its lease ran.</summary>
    public SortedSet<long> Owed { get; } = [];

    /// <summary>Entries that it answered with a 2xx.</summary>
    public HashSet<long> Had { get; } = [];

    /// <summary>Entries with a dead letter.</summary>
    public HashSet<long> Buried { get; } = [];

    /// <summary>Entries that it may get again: nobody could save that it had them, or it had them signed with an older secret.</summary>
    public HashSet<long> MayRepeat { get; } = [];

    /// <summary>
    /// True once a save that was taken for failed has put it behind after all: it is served twice then, as after a crash.
    /// </summary>
    public bool IsServedTwice { get; set; }

    public long LastSent { get; set; }
}
