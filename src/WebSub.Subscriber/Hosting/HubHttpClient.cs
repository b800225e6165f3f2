namespace WebSub.Subscriber.Hosting;

/// <summary>Says that an HTTP client of this name was added.</summary>
internal sealed record HubHttpClient(string Name)
{
    /// <summary>Keeps our names apart from the app's.</summary>
    public const string Prefix = "WebSub.Subscriber:";
}
