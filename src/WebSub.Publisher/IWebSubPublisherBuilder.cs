namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configures a publisher that <c>AddWebSubPublisher</c> has added.</summary>
public interface IWebSubPublisherBuilder
{
    /// <summary>The app's services.</summary>
    IServiceCollection Services { get; }
}
