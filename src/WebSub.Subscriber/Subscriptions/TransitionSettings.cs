using System.Security.Cryptography;
using WebSub.Values;

namespace WebSub.Subscriber.Subscriptions;

/// <summary>What transitions need to know besides the subscription, the event and the time.</summary>
internal sealed record TransitionSettings
{
    public required WebSubRetryOptions Retry { get; init; }

    public required TimeSpan VerifyWait { get; init; }

    public required double RenewAtFraction { get; init; }

    public long? LeaseSeconds { get; init; }

    /// <summary>A number from 0 to 1.</summary>
    public required Func<double> Random { get; init; }

    /// <summary>A callback key: 128 random bits (S6).</summary>
    public Func<string> NewKey { get; init; } = () => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public Func<string> NewSecret { get; init; } = () => Secret.Generate().Value;

    public static TransitionSettings From(WebSubSubscriberOptions options) =>
        new()
        {
            Retry = options.Retry,
            VerifyWait = options.VerifyWait,
            RenewAtFraction = options.RenewAtFraction,
            LeaseSeconds = options.LeaseSeconds,
            Random = options.Randomizer,
        };
}
