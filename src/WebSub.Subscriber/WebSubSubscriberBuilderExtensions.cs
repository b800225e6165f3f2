using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WebSub.Http;
using WebSub.Subscriber;
using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds handlers, subscriptions, filters, verifiers and listeners to a subscriber.</summary>
public static partial class WebSubSubscriberBuilderExtensions
{
    /// <summary>
    /// Adds a handler class; each notification gets a new instance, resolved with its services. Its
    /// <see cref="WebSubSubscriptionAttribute"/>s declare subscriptions.
    /// </summary>
    /// <typeparam name="T">An <see cref="IWebSubHandler"/> (queued) or an <see cref="IWebSubInlineHandler"/>.</typeparam>
    /// <param name="builder">The subscriber.</param>
    /// <param name="name">Its name in subscriptions and callback URLs: letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>~</c>.</param>
    public static IWebSubSubscriberBuilder AddHandler<T>(this IWebSubSubscriberBuilder builder, string name)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var isQueued = typeof(IWebSubHandler).IsAssignableFrom(typeof(T));
        if (isQueued == typeof(IWebSubInlineHandler).IsAssignableFrom(typeof(T)))
        {
            throw new ArgumentException($"{typeof(T).Name} must implement either IWebSubHandler or IWebSubInlineHandler.", nameof(name));
        }

        builder.Services.TryAddScoped<T>();
        foreach (var declared in typeof(T).GetCustomAttributes<WebSubSubscriptionAttribute>())
            builder.AddSubscription(declared.Target, name, declared.Options);
        return isQueued
            ? builder.Add(
                new(
                    name,
                    (services, notification, cancel) =>
                        ((IWebSubHandler)services.GetRequiredService<T>()).HandleAsync(notification, cancel),
                    null
                )
            )
            : builder.Add(
                new(
                    name,
                    null,
                    (services, notification, cancel) =>
                        ((IWebSubInlineHandler)services.GetRequiredService<T>()).HandleAsync(notification, cancel)
                )
            );
    }

    // A lambda that only throws is either kind; it is taken for a queued one.
    /// <summary>Adds a queued handler: it runs in the background, and is retried later if it throws.</summary>
    /// <param name="builder">The subscriber.</param>
    /// <param name="name">Its name in subscriptions and callback URLs: letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>~</c>.</param>
    /// <param name="handler">What to do with a notification.</param>
    [OverloadResolutionPriority(1)]
    public static IWebSubSubscriberBuilder AddHandler(
        this IWebSubSubscriberBuilder builder,
        string name,
        Func<WebSubNotification, CancellationToken, Task> handler
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(handler);
        return builder.Add(new(name, (_, notification, cancel) => handler(notification, cancel), null));
    }

    /// <summary>Adds an inline handler: the hub waits for its response.</summary>
    /// <param name="builder">The subscriber.</param>
    /// <param name="name">Its name in subscriptions and callback URLs: letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>~</c>.</param>
    /// <param name="handler">What to do with a notification.</param>
    public static IWebSubSubscriberBuilder AddHandler(
        this IWebSubSubscriberBuilder builder,
        string name,
        Func<WebSubNotification, CancellationToken, ValueTask<WebSubReply>> handler
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(handler);
        return builder.Add(new(name, null, (_, notification, cancel) => handler(notification, cancel)));
    }

    /// <summary>Declares a subscription that must exist while the app runs; one that already exists is kept.</summary>
    /// <param name="builder">The subscriber.</param>
    /// <param name="target">A resource to discover (a string converts), or a topic and its hub.</param>
    /// <param name="handler">The name of a handler.</param>
    /// <param name="options">How to subscribe.</param>
    public static IWebSubSubscriberBuilder AddSubscription(
        this IWebSubSubscriberBuilder builder,
        WebSubTarget target,
        string handler,
        WebSubSubscribeOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentException.ThrowIfNullOrEmpty(handler);
        builder.Services.Configure<WebSubSubscriberOptions>(o => o.Subscriptions.Add(new(target, handler, options)));
        return builder;
    }

    /// <summary>
    /// Answers a callback that a hub was told of by other means: by hand, by its operator, by another program. Nothing is asked of the hub,
    /// now or later; its deliveries and verifications of this topic are taken.
    /// </summary>
    /// <param name="builder">The subscriber.</param>
    /// <param name="handler">The name of a handler.</param>
    /// <param name="topic">The topic, as the hub names it when it verifies.</param>
    /// <param name="callbackUrl">
    /// The URL that the hub was given; the app answers at its path. Null means <c>{PublicUrl}{CallbackPrefix}/{handler}</c>.
    /// </param>
    /// <param name="secret">What the hub signs deliveries with; null if it does not.</param>
    /// <param name="hub">The hub's URL, for <c>UnsubscribeAsync</c>; null if it is not known.</param>
    public static IWebSubSubscriberBuilder AddCallback(
        this IWebSubSubscriberBuilder builder,
        string handler,
        string topic,
        string? callbackUrl = null,
        string? secret = null,
        string? hub = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(handler);
        builder.Services.Configure<WebSubSubscriberOptions>(o =>
            o.KnownCallbacks.Add(new(handler, WebSubTarget.Topic(topic, hub), callbackUrl, secret))
        );
        return builder;
    }

    /// <summary>
    /// Adds an HTTP client for hubs, or for discovery, that need one of their own: a credential handler, a certificate, a proxy. Its
    /// primary handler is the guarded one; a replacement takes over guarding addresses and must not follow redirects.
    /// </summary>
    /// <param name="builder">The subscriber.</param>
    /// <param name="name">
    /// The name for <see cref="WebSubSubscribeOptions.HttpClient"/> or <see cref="WebSubSubscribeOptions.DiscoveryHttpClient"/>.
    /// </param>
    public static IHttpClientBuilder AddHubHttpClient(this IWebSubSubscriberBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        builder.Services.AddSingleton(new HubHttpClient(name));
        return builder
            .Services.AddHttpClient(
                HubHttpClient.Prefix + name,
                client => client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", OutboundHttp.UserAgent)
            )
            .ConfigurePrimaryHttpMessageHandler(services =>
                OutboundHttp.CreateHandler(services.GetRequiredService<IOptions<WebSubSubscriberOptions>>().Value.Outbound)
            );
    }

    /// <summary>Adds a filter around all handlers; the first one added is outermost.</summary>
    public static IWebSubSubscriberBuilder AddFilter<T>(this IWebSubSubscriberBuilder builder)
        where T : class, IWebSubFilter
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Scoped<IWebSubFilter, T>());
        return builder;
    }

    /// <summary>Adds a verifier; all verifiers must agree.</summary>
    public static IWebSubSubscriberBuilder AddVerifier<T>(this IWebSubSubscriberBuilder builder)
        where T : class, IWebSubVerifier
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Scoped<IWebSubVerifier, T>());
        return builder;
    }

    /// <summary>Registers a listener for subscription changes.</summary>
    public static IWebSubSubscriberBuilder AddEvents<T>(this IWebSubSubscriberBuilder builder)
        where T : class, IWebSubEvents
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Scoped<IWebSubEvents, T>());
        return builder;
    }

    private static IWebSubSubscriberBuilder Add(this IWebSubSubscriberBuilder builder, HandlerRegistration registration)
    {
        if (!NamePattern().IsMatch(registration.Name ?? ""))
        {
            throw new ArgumentException(
                $"A handler cannot be named \"{registration.Name}\": its name is part of callback URLs and may have only "
                    + "letters, digits, -, _, . and ~.",
                nameof(registration)
            );
        }

        builder.Services.AddSingleton(registration);
        return builder;
    }

    [GeneratedRegex("^[A-Za-z0-9_~-][A-Za-z0-9_.~-]*$", RegexOptions.None, 1000)]
    private static partial Regex NamePattern();
}
