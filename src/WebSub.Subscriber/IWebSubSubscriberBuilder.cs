namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Configures a subscriber added with <c>AddWebSubSubscriber</c>: its handlers, subscriptions, filters, verifiers and listeners.
/// </summary>
public interface IWebSubSubscriberBuilder
{
    /// <summary>The app's services.</summary>
    IServiceCollection Services { get; }
}
