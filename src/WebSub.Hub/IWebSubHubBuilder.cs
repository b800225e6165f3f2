namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configures a hub that <c>AddWebSubHub</c> has added.</summary>
public interface IWebSubHubBuilder
{
    /// <summary>The app's services.</summary>
    IServiceCollection Services { get; }
}
