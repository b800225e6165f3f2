namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Configures a subscriber that <c>AddWebSubSubscriber</c> has added: its handlers, subscriptions, verifiers and listeners.
/// </summary>
public interface IWebSubSubscriberBuilder
{
    /// <summary>The app's services.</summary>
    IServiceCollection Services { get; }
}
