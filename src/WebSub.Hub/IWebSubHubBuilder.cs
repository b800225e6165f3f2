namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configures a hub added by <c>AddWebSubHub</c>.</summary>
public interface IWebSubHubBuilder
{
    /// <summary>The app's services.</summary>
    IServiceCollection Services { get; }
}
