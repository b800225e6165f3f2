using Microsoft.Extensions.DependencyInjection;

namespace WebSub.Subscriber.Configuration;

/// <inheritdoc/>
internal sealed class WebSubSubscriberBuilder(IServiceCollection services) : IWebSubSubscriberBuilder
{
    public IServiceCollection Services => services;
}
