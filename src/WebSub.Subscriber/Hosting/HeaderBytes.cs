using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace WebSub.Subscriber.Hosting;

/// <summary>
/// Hubs pass on headers that publishers wrote. Kestrel refuses a request with a byte that is not UTF-8 in any of them, and the delivery
/// would be lost; here such a byte becomes U+FFFD (RFC 9110 §5.5: it is opaque data). What an app reads in another encoding, it still does.
/// </summary>
internal sealed class HeaderBytes : IPostConfigureOptions<KestrelServerOptions>
{
    private static readonly UTF8Encoding Lenient = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    public void PostConfigure(string? name, KestrelServerOptions options)
    {
        var chosen = options.RequestHeaderEncodingSelector;
        options.RequestHeaderEncodingSelector = header => chosen(header) ?? Lenient;
    }
}
