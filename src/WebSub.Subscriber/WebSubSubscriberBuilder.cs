using Microsoft.Extensions.DependencyInjection;

namespace WebSub.Subscriber;

/// <inheritdoc/>
internal sealed class WebSubSubscriberBuilder(IServiceCollection services) : IWebSubSubscriberBuilder
{
    public IServiceCollection Services => services;
}
