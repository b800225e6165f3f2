using System.Diagnostics;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;
using WebSub.Signatures;

namespace WebSub.Hub.Tests.Delivery.Sending;

/// <summary>Attempts that nobody sends.</summary>
internal static class FakeAttempts
{
    public static Attempt At(string origin) => Of(new() { Callback = $"http://{origin}/" }, sequence: 0);

    public static Attempt Of(SubscriptionRow row, long sequence) => Of(row, new LogEntry { Sequence = sequence });

    /// <summary>An attempt to deliver an entry with a content of so many bytes.</summary>
    public static Attempt At(string origin, long sequence, long size) =>
        Of(new() { Callback = $"http://{origin}/" }, new LogEntry { Sequence = sequence, Size = size });

    private static Attempt Of(SubscriptionRow row, LogEntry entry) =>
        new(
            new Owner(),
            DeliveryTarget.For(row, TopicHeaders.For(new(1), "http://topic/", "http://hub/"), null!, SignatureMethod.Sha256),
            entry
        );

    /// <summary>Whoever asked; here nobody calls it.</summary>
    private sealed class Owner : IAttemptOwner
    {
        public ActivityContext TraceContext => default;

        public bool MayStart(Attempt attempt) => throw new UnreachableException();

        public void OnStraggling(Attempt attempt) => throw new UnreachableException();

        public void OnNoPlace(Attempt attempt) => throw new UnreachableException();

        public void OnCompleted(Attempt attempt, DeliveryOutcome outcome) => throw new UnreachableException();
    }
}
