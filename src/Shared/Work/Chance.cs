namespace WebSub.Work;

/// <summary>Randomness, for jitter. It is injected like time, so that a test decides what happens.</summary>
internal sealed class Chance(Func<double> next)
{
    /// <summary>Real randomness.</summary>
#pragma warning disable RS0030, CA5394 // The one place; jitter needs no cryptography.
    public static Chance Real { get; } = new(Random.Shared.NextDouble);
#pragma warning restore RS0030, CA5394

    /// <summary>A number from 0 up to 1.</summary>
    public double Next() => next();
}
