using WebSub.Protocol;
using WebSub.Testing;

namespace WebSub.Subscriber.CommandLine.Tests;

/// <summary>What a hub does that knows another callback than the one of a request.</summary>
internal static class Redirected
{
    /// <summary>The same request with the callback elsewhere.</summary>
    public static FakeHubRequest To(FakeHubRequest request, string callback, bool isSigned = true) =>
        request with
        {
            Fields = new(
                request
                    .Fields.Items.Where(i => isSigned || i.Key != HubParameters.Secret)
                    .Select(i => i.Key == HubParameters.Callback ? new(i.Key, callback) : i)
            ),
        };
}
