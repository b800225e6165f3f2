using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace WebSub.Subscriber.Configuration;

/// <summary>Reads the subscriber's settings into its options; what cannot be read is kept for the validator.</summary>
internal sealed class SubscriberOptionsSetup(IConfiguration configuration) : IConfigureOptions<WebSubSubscriberOptions>
{
    public void Configure(WebSubSubscriberOptions options) =>
        options.Faults.AddRange(SubscriberSettings.Table.Read(configuration, options));
}
