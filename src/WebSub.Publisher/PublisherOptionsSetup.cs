using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using WebSub.Configuration;
using WebSub.Publishing;

namespace WebSub.Publisher;

/// <summary>Fills the options from <c>WebSub:Publisher</c> and <c>WebSub:Outbound</c>. What cannot be read is kept for the validator.</summary>
internal sealed class PublisherOptionsSetup(IConfiguration configuration) : IConfigureOptions<WebSubPublisherOptions>
{
    public const string Section = "WebSub:Publisher";

    public void Configure(WebSubPublisherOptions options)
    {
        var reader = new SettingReader(configuration, Section);
        reader.UrlList("Hubs", v => options.Hubs = v);
        reader.Url("PublicUrl", v => options.PublicUrl = v);
        reader.Text("ApiKey", v => options.ApiKey = v);
        reader.Choice<PingForm>("PingForm", v => options.PingForm = v);
        reader.Seconds("TimeoutSeconds", 0.1, 600, v => options.Timeout = v);
        options.Faults.AddRange([.. reader.Faults, .. SettingReader.ReadOutbound(configuration, options.Outbound)]);
    }
}
