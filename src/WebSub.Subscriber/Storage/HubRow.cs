using WebSub.Storage;

namespace WebSub.Subscriber.Storage;

/// <summary>The active subscriptions at a hub, taken together.</summary>
internal sealed record HubRow
{
    public string Hub { get; init; } = "";

    public long Subscriptions { get; init; }

    public long Silent { get; init; }

    public DatabaseTime? SilentSince { get; init; }

    public long Received { get; init; }

    public DatabaseTime? ReceivedAt { get; init; }

    /// <summary>Deliveries to be expected in a microsecond; null while no usual pause is known.</summary>
    public double? Rate { get; init; }

    public long Missed { get; init; }

    public WebSubHubHealth ToHealth() =>
        new()
        {
            Hub = Hub,
            State = State(),
            Subscriptions = Subscriptions,
            Silent = Silent,
            SilentSince = SilentSince?.ToMoment(),
            Received = Received,
            ReceivedAt = ReceivedAt?.ToMoment(),
            UsualPause = Rate is > 0 and { } rate ? TimeSpan.FromMicroseconds(1 / rate) : null,
            Missed = Missed,
        };

    private WebSubHubState State() =>
        SilentSince is not { } since ? WebSubHubState.Delivering
        : ReceivedAt?.ToMoment() >= since.ToMoment() ? WebSubHubState.PartlySilent
        : WebSubHubState.Silent;
}
