namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configures a publisher added with <c>AddWebSubPublisher</c>.</summary>
public interface IWebSubPublisherBuilder
{
    /// <summary>The app's services.</summary>
    IServiceCollection Services { get; }
}
