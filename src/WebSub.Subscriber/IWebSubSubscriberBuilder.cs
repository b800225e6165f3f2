using Microsoft.Extensions.DependencyInjection;

namespace WebSub.Subscriber;

/// <summary>
/// What <c>AddWebSubSubscriber</c> returns; handlers, subscriptions, verifiers and listeners are added to it by extension methods.
/// </summary>
public interface IWebSubSubscriberBuilder
{
    /// <summary>The app's services.</summary>
    IServiceCollection Services { get; }
}
