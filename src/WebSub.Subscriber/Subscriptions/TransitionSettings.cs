using System.Security.Cryptography;
using WebSub.Values;
using WebSub.Work;

namespace WebSub.Subscriber.Subscriptions;

/// <summary>What transitions need to know besides the subscription, the event and the time.</summary>
internal sealed record TransitionSettings
{
    public required WebSubRetryOptions Retry { get; init; }

    public required TimeSpan VerifyWait { get; init; }

    public required double RenewAtFraction { get; init; }

    public long? LeaseSeconds { get; init; }

    /// <summary>How many times the lease that was asked for a hub may grant.</summary>
    public double MaxLeaseFactor { get; init; } = 10;

    /// <summary>How long a replaced callback goes on being answered.</summary>
    public TimeSpan CallbackGrace { get; init; } = TimeSpan.FromDays(1);

    public required Chance Chance { get; init; }

    /// <summary>A callback key: 128 random bits (S6).</summary>
    public Func<string> NewKey { get; init; } = () => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public Func<string> NewSecret { get; init; } = () => Secret.Generate().Value;

    /// <summary>The URL of a callback key, with the current public URL, prefix and handler name.</summary>
    public Func<Subscription, string, string> CallbackUrl { get; init; } = (subscription, key) => $"/{subscription.Handler}/{key}";

    /// <summary>Whether a subscription whose callback URL has changed is requested again.</summary>
    public bool AutofixUrls { get; init; } = true;

    public static TransitionSettings From(WebSubSubscriberOptions options, Func<Subscription, string, string> callbackUrl, Chance chance) =>
        new()
        {
            Retry = options.Retry,
            VerifyWait = options.VerifyWait,
            RenewAtFraction = options.RenewAtFraction,
            LeaseSeconds = options.LeaseSeconds,
            MaxLeaseFactor = options.MaxLeaseFactor,
            CallbackGrace = options.CallbackGrace,
            Chance = chance,
            CallbackUrl = callbackUrl,
            AutofixUrls = options.AutofixUrls,
        };
}
