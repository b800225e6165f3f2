using WebSub.Http;

namespace WebSub.Cli;

/// <summary>The HTTP client of a command, guarded unless the user lifted the guard, by option or by typing a private address.</summary>
internal static class Outbound
{
    public static HttpClient CreateClient(bool allowPrivate, IEnumerable<string> typed)
    {
        if (!allowPrivate && typed.Select(t => new Uri(t)).FirstOrDefault(AddressGuard.IsPrivateHost) is { } url)
        {
            Report.Note($"{url.Host} is a private address, so this command may reach private networks (--allow-private).");
            allowPrivate = true;
        }

        return OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = allowPrivate });
    }
}
