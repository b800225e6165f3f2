using Microsoft.Extensions.DependencyInjection.Extensions;
using WebSub.Subscriber;
using WebSub.Subscriber.Wolverine;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts notifications on the app's bus.</summary>
public static class WebSubWolverineBuilderExtensions
{
    /// <summary>
    /// Adds a handler that hands its notifications to Wolverine as <see cref="WebSubNotificationReceived"/>; consumers on the bus do the
    /// work. Its route needs a durable outbox: without one each attempt fails and nothing is lost.
    /// </summary>
    /// <param name="builder">The subscriber.</param>
    /// <param name="name">The handler's name in subscriptions and callback URLs.</param>
    /// <param name="configure">How notifications go on the bus.</param>
    public static IWebSubSubscriberBuilder AddWolverineHandler(
        this IWebSubSubscriberBuilder builder,
        string name,
        Action<WebSubWolverineOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<BusRoute>();
        if (configure is not null)
            builder.Services.Configure(name, configure);
        return builder.AddHandler<BusForwarder>(name);
    }
}
