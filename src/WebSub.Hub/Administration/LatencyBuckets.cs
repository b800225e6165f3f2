using System.Globalization;

namespace WebSub.Hub.Administration;

/// <summary>Counts of durations, in buckets that grow by the square root of two from a millisecond on: quantiles to within 20 %.</summary>
internal sealed class LatencyBuckets
{
    private const int Count = 64;
    private const double Smallest = 0.001;
    private readonly int[] _counts = new int[Count];

    public void Add(double seconds)
    {
        var bucket = seconds <= Smallest ? 0 : (int)Math.Ceiling(2 * Math.Log2(seconds / Smallest));
        Interlocked.Increment(ref _counts[Math.Min(bucket, Count - 1)]);
    }

    /// <summary>Adds counts as <see cref="ToString"/> writes them.</summary>
    public void Add(string counts)
    {
        var bucket = 0;
        foreach (var count in counts.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            _counts[Math.Min(bucket++, Count - 1)] += int.Parse(count, CultureInfo.InvariantCulture);
    }

    public void Clear() => Array.Clear(_counts);

    /// <summary>The counts from the first bucket to the last that is not empty, with a space between.</summary>
    public override string ToString() => string.Join(' ', _counts.AsSpan(0, Array.FindLastIndex(_counts, c => c != 0) + 1).ToArray());

    /// <summary>What so large a part of the durations was at most; null if there is none.</summary>
    public double? Quantile(double part)
    {
        var counts = Array.ConvertAll(_counts, c => (long)c);
        var all = counts.Sum();
        if (all == 0)
            return null;
        var wanted = (long)Math.Ceiling(all * part);
        for (var i = 0; ; i++)
        {
            wanted -= counts[i];
            if (wanted <= 0)
                return Math.Round(Smallest * Math.Pow(2, i / 2.0), 4);
        }
    }
}
