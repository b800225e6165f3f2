using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>What a node sent in a minute.</summary>
internal sealed record MinuteRow
{
    /// <summary>When it began.</summary>
    public DatabaseTime BeganAt { get; init; }

    /// <summary>Attempts that were accepted.</summary>
    public long Delivered { get; init; }

    /// <summary>Attempts that were not.</summary>
    public long Failed { get; init; }

    /// <summary>How long ago what was delivered had been published: counts by bucket.</summary>
    public required string Latencies { get; init; }
}
