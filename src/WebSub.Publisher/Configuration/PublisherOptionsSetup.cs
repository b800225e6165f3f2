using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace WebSub.Publisher.Configuration;

/// <summary>Reads the publisher's settings into its options; what cannot be read is kept for the validator.</summary>
internal sealed class PublisherOptionsSetup(IConfiguration configuration) : IConfigureOptions<WebSubPublisherOptions>
{
    public void Configure(WebSubPublisherOptions options) => options.Faults.AddRange(PublisherSettings.Table.Read(configuration, options));
}
