namespace WebSub.Subscriber.Hosting;

/// <summary>Carries all outbound requests instead of the guarded network: for tests.</summary>
internal sealed record SubscriberTransport(HttpMessageHandler Handler);
