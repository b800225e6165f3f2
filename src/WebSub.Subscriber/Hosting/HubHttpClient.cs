namespace WebSub.Subscriber.Hosting;

/// <summary>Records that an HTTP client with this name was added.</summary>
internal sealed record HubHttpClient(string Name)
{
    /// <summary>Keeps our names apart from the app's.</summary>
    public const string Prefix = "WebSub.Subscriber:";
}
