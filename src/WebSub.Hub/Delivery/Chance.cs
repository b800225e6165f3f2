namespace WebSub.Hub.Delivery;

/// <summary>Where the numbers for jitter come from.</summary>
internal sealed class Chance
{
#pragma warning disable CA5394, CA1822 // Jitter needs no cryptography; whoever needs it is given it, like the time.
    /// <summary>A number from 0 up to 1.</summary>
    public double Next() => Random.Shared.NextDouble();
#pragma warning restore CA5394, CA1822
}
