using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using WebSub.Configuration;
using WebSub.Publishing;
using WebSub.Storage;
using WebSub.Values;

namespace WebSub.Publisher.Configuration;

/// <summary>
/// Fills the options from <c>WebSub:Publisher</c>, <c>WebSub:Outbound</c> and the connection string. What cannot be read is kept for the
/// validator.
/// </summary>
internal sealed class PublisherOptionsSetup(IConfiguration configuration) : IConfigureOptions<WebSubPublisherOptions>
{
    public const string Section = "WebSub:Publisher";
    private const long Year = 365 * 86400;

    public void Configure(WebSubPublisherOptions options)
    {
        var reader = new SettingReader(configuration, Section);
        ReadHubs(options, reader);
        reader.Url("PublicUrl", v => options.PublicUrl = v);
        reader.Text("ApiKey", v => options.ApiKey = v);
        reader.Choice<PingForm>("PingForm", v => options.PingForm = v);
        reader.Seconds("TimeoutSeconds", 0.1, 600, v => options.Timeout = v);
        reader.IntegerList("RetrySeconds", 0, Year, v => options.RetryDelays = [.. v.Select(s => TimeSpan.FromSeconds(s))]);
        reader.Seconds("GiveUpAfterSeconds", 0, Year, v => options.GiveUpAfter = v);
        reader.Seconds("CoalesceSeconds", 0, 86400, v => options.CoalesceInterval = v);
        reader.Integer("MessagesPerHubPerSecond", 1, 10_000, v => options.MessagesPerHubPerSecond = (int)v);
        reader.Integer("MaxConcurrencyPerHub", 1, 1000, v => options.MaxConcurrencyPerHub = (int)v);
        reader.Integer("MaxContentBytes", 1, 1L << 30, v => options.MaxContentBytes = v);
        reader.Seconds("PollSeconds", 0.1, 3600, v => options.PollInterval = v);
        reader.Boolean("CheckAtStart", v => options.CheckAtStart = v);
        reader.RefuseOthers();

        var storage = new SettingReader(configuration, "WebSub:Storage");
        storage.Choice<SqlDialect>("Provider", v => options.StorageProvider = v);
        storage.Boolean("Migrate", v => options.Migrate = v);
        storage.RefuseOthers();
        if (configuration.GetConnectionString("WebSubPublisher") is { Length: > 0 } connectionString)
            options.ConnectionString = connectionString;
        options.Faults.AddRange([.. reader.Faults, .. storage.Faults, .. SettingReader.ReadOutbound(configuration, options.Outbound)]);
    }

    /// <summary>URLs in one text or as an array, of which each may also be a section with more to say.</summary>
    private void ReadHubs(WebSubPublisherOptions options, SettingReader reader)
    {
        var section = configuration.GetSection($"{Section}:Hubs");
        if (section.Value is not null || section.GetChildren().All(c => c.Value is not null))
        {
            reader.UrlList("Hubs", v => options.Hubs = [.. v.Select(WebSubPublisherHub.FromString)]);
            return;
        }

        reader.Knows("Hubs");
        options.Hubs = [.. section.GetChildren().Select(item => ReadHub(item, reader.Faults)).OfType<WebSubPublisherHub>()];
    }

    private WebSubPublisherHub? ReadHub(IConfigurationSection item, List<string> faults)
    {
        var url = item.Value ?? item["Url"] ?? "";
        if (!VerbatimUrl.TryCreate(url, out _, out _))
        {
            faults.Add($"{item.Path} has the URL \"{url}\"; allowed is an absolute http or https URL.");
            return null;
        }

        var hub = new WebSubPublisherHub(url);
        var one = new SettingReader(configuration, item.Path);
        one.Text("ApiKey", v => hub = hub with { ApiKey = v });
        one.Choice<PingForm>("PingForm", v => hub = hub with { PingForm = v });
        one.Boolean("TakesContent", v => hub = hub with { TakesContent = v });
        one.Knows("Url", "Topics");
        one.RefuseOthers();
        var topics = item.GetSection("Topics");
        hub = hub with
        {
            Topics =
            [
                .. topics.Value is { } joined
                    ? joined.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    : topics.GetChildren().Select(c => c.Value).OfType<string>(),
            ],
        };
        faults.AddRange(one.Faults);
        return hub;
    }
}
