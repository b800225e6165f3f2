using Microsoft.Extensions.DependencyInjection.Extensions;
using WebSub.Hub;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the host app's own parts to a hub.</summary>
public static class WebSubHubBuilderExtensions
{
    /// <summary>Adds a validator for subscribe and unsubscribe requests, as a singleton. Adding the same one twice is harmless.</summary>
    public static IWebSubHubBuilder AddValidator<T>(this IWebSubHubBuilder builder)
        where T : class, IWebSubValidator
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IWebSubValidator, T>());
        return builder;
    }

    /// <summary>
    /// Registers a listener for subscription changes, with one scope per change. Adding the same one twice is harmless.
    /// </summary>
    public static IWebSubHubBuilder AddEvents<T>(this IWebSubHubBuilder builder)
        where T : class, IWebSubHubEvents
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Scoped<IWebSubHubEvents, T>());
        return builder;
    }
}
