using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary>What the file of <c>--database</c> remembers of subscriptions that have not ended.</summary>
/// <param name="Port">The port that their hubs call; null if there are none.</param>
internal sealed record ListenMemory(int? Port)
{
    public static ListenMemory Nothing { get; } = new((int?)null);

    public bool HasSubscriptions => Port is not null;

    /// <summary>True for a subscription that a hub may be delivering to, or will be.</summary>
    public static bool IsOpen(WebSubSubscription subscription) =>
        subscription.State
            is not (WebSubSubscriptionState.Unsubscribed or WebSubSubscriptionState.Denied or WebSubSubscriptionState.Failed);

    public static async Task<ListenMemory> ReadAsync(string? database, CancellationToken cancellationToken)
    {
        if (database is null || (DatabaseOption.IsFile(database) && !File.Exists(database)))
            return Nothing;

        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddWebSubSubscriber(o =>
        {
            o.PublicUrl = new("http://localhost");
            o.ConnectionString = DatabaseOption.ToConnectionString(database);
        });
        await using var provider = services.BuildServiceProvider();
        await foreach (
            var subscription in provider.GetRequiredService<IWebSubSubscriptions>().ListAsync(cancellationToken: cancellationToken)
        )
        {
            if (IsOpen(subscription) && Uri.TryCreate(subscription.CallbackUrl, UriKind.Absolute, out var callback))
                return new(callback.Port);
        }

        return Nothing;
    }
}
