using Microsoft.Extensions.DependencyInjection.Extensions;
using WebSub.Hub;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds to a hub what its host decides.</summary>
public static class WebSubHubBuilderExtensions
{
    /// <summary>Adds a validator of subscribe and unsubscribe requests; a singleton. Adding the same one twice is harmless.</summary>
    public static IWebSubHubBuilder AddValidator<T>(this IWebSubHubBuilder builder)
        where T : class, IWebSubValidator
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IWebSubValidator, T>());
        return builder;
    }

    /// <summary>
    /// Has a class of the app told what becomes of subscriptions; scoped, one scope a change. Adding the same one twice is harmless.
    /// </summary>
    public static IWebSubHubBuilder AddEvents<T>(this IWebSubHubBuilder builder)
        where T : class, IWebSubHubEvents
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Scoped<IWebSubHubEvents, T>());
        return builder;
    }
}
