using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace WebSub.Hub.Configuration;

/// <summary>Reads the hub's settings into its options; faults are kept for the validator.</summary>
internal sealed class HubOptionsSetup(IConfiguration configuration) : IConfigureOptions<HubOptions>
{
    public void Configure(HubOptions options) => options.Faults.AddRange(HubSettings.Table.Read(configuration, options));
}
