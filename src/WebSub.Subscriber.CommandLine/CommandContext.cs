using Microsoft.Extensions.DependencyInjection;
using WebSub.Subscriber.CommandLine.Terminal;
using WebSub.Subscriber.Managing;

namespace WebSub.Subscriber.CommandLine;

/// <summary>What commands work with.</summary>
/// <param name="Services">The app's services.</param>
/// <param name="Console">Where they write.</param>
internal sealed record CommandContext(IServiceProvider Services, CommandConsole Console)
{
    public IWebSubSubscriptions Subscriptions => Get<IWebSubSubscriptions>();

    public IWebSubInbox Inbox => Get<IWebSubInbox>();

    public SubscriptionManager Manager => Get<SubscriptionManager>();

    public RunningApp Running => Get<RunningApp>();

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();
}
