using System.Security.Cryptography;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;
using WebSub.Secrets;
using WebSub.Signatures;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>A lane's members as they were read, ready to be delivered to.</summary>
internal sealed class LoadedLane
{
    private LoadedLane(LaneRow lane, TopicHeaders headers) => (Lane, Headers) = (lane, headers);

    /// <summary>The lane, read before its members.</summary>
    public LaneRow Lane { get; }

    /// <summary>What deliveries say about its topic.</summary>
    public TopicHeaders Headers { get; }

    public List<DeliveryTarget> Targets { get; } = [];

    /// <summary>Rows that cannot be used, each with the reason; they must not cost their neighbours an update.</summary>
    public List<(SubscriptionRow Row, Exception Reason)> Unusable { get; } = [];

    /// <summary>The claim under which a run left all of it as it is here; null while one runs.</summary>
    public long? LeftAtEpoch { get; set; }

    public static LoadedLane Read(
        LaneRow lane,
        TopicHeaders headers,
        IEnumerable<SubscriptionRow> rows,
        SecretOpener secrets,
        SignatureMethod preset
    )
    {
        var loaded = new LoadedLane(lane, headers);
        foreach (var row in rows)
        {
            try
            {
                loaded.Targets.Add(DeliveryTarget.For(row, headers, secrets, preset));
            }
            catch (Exception e) when (e is InvalidOperationException or CryptographicException or ArgumentException)
            {
                loaded.Unusable.Add((row, e));
            }
        }

        return loaded;
    }
}
