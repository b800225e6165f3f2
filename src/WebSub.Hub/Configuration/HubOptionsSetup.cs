using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using WebSub.Configuration;
using WebSub.Signatures;
using WebSub.Storage;

namespace WebSub.Hub.Configuration;

/// <summary>Reads the hub's settings into <see cref="HubOptions"/>; what cannot be read is kept for the validator.</summary>
internal sealed class HubOptionsSetup(IConfiguration configuration) : IConfigureOptions<HubOptions>
{
    private const long Year = 365 * 86400;

    /// <summary>The full names of all settings of the hub, once they have been read.</summary>
    public IReadOnlyCollection<string> Names { get; private set; } = [];

    public void Configure(HubOptions options)
    {
        var hub = new SettingReader(configuration, "WebSub:Hub");
        hub.Url("PublicUrl", v => options.PublicUrl = v);

        hub.Integer("Lease:DefaultSeconds", 1, LeaseOptions.Longest, v => options.Lease.DefaultSeconds = v);
        hub.Integer("Lease:MinSeconds", 1, LeaseOptions.Longest, v => options.Lease.MinSeconds = v);
        hub.Integer("Lease:MaxSeconds", 1, LeaseOptions.Longest, v => options.Lease.MaxSeconds = v);

        var delivery = options.Delivery;
        hub.Seconds("Delivery:TimeoutSeconds", 0.1, 600, v => delivery.Timeout = v);
        hub.Integer("Delivery:StragglerMilliseconds", 1, 600_000, v => delivery.Straggler = TimeSpan.FromMilliseconds(v));
        hub.IntegerList("Delivery:RetrySeconds", 0, Year, v => delivery.RetrySeconds = [.. v]);
        hub.Integer("Delivery:MaxConcurrency", 1, 100_000, v => delivery.MaxConcurrency = (int)v);
        hub.Integer("Delivery:MaxPerOrigin", 1, 100_000, v => delivery.MaxPerOrigin = (int)v);
        hub.Integer("Delivery:MaxSlow", 1, 100_000, v => delivery.MaxSlow = (int)v);
        hub.Integer("Delivery:MaxSlowPerOrigin", 1, 100_000, v => delivery.MaxSlowPerOrigin = (int)v);
        hub.Choice<SignatureMethod>("Delivery:Signature", v => delivery.Signature = v);

        hub.Seconds("Verification:TimeoutSeconds", 0.1, 600, v => options.Verification.Timeout = v);
        hub.IntegerList("Verification:RetrySeconds", 0, Year, v => options.Verification.RetrySeconds = [.. v]);

        hub.Integer("Verification:PerHostPerMinute", 1, 1_000_000, v => options.Verification.PerHostPerMinute = v);

        hub.TextList("Subscribing:Topics", v => options.Subscribing.Topics = [.. v]);
        hub.TextList("Subscribing:Callbacks", v => options.Subscribing.Callbacks = [.. v]);
        hub.Integer("Subscribing:MaxPerCallbackHost", 0, int.MaxValue, v => options.Subscribing.MaxPerCallbackHost = v);
        hub.Integer("Subscribing:MaxPerTopic", 0, int.MaxValue, v => options.Subscribing.MaxPerTopic = v);
        hub.Integer("RateLimit:SubscribesPerMinute", 1, int.MaxValue, v => options.RateLimit.SubscribesPerMinute = v);
        hub.Integer("RateLimit:PublishesPerMinute", 1, int.MaxValue, v => options.RateLimit.PublishesPerMinute = v);

        hub.Choice<PublishingPolicy>("Publishing:Policy", v => options.Publishing.Policy = v);
        hub.Integer("Publishing:MaxContentBytes", 1, 1L << 30, v => options.Publishing.MaxContentBytes = v);

        hub.Seconds("Publishing:MinFetchSeconds", 0, 3600, v => options.Publishing.MinFetchInterval = v);
        hub.Integer("Publishing:PerHostPerMinute", 1, 1_000_000, v => options.Publishing.PerHostPerMinute = v);
        hub.Text("Publishing:AuthorizationPolicy", v => options.Publishing.AuthorizationPolicy = v);
        hub.Boolean("Delivery:EndOnGone", v => delivery.EndOnGone = v);
        hub.Boolean("Publishing:FeedDiff", v => options.Publishing.FeedDiff = v);

        hub.Integer("History:Days", 1, 36_500, v => options.History.Days = v);
        hub.Integer("History:Entries", 1, 10_000_000, v => options.History.Entries = v);
        hub.Integer("History:MaxBacklog", 1, 100_000_000, v => options.History.MaxBacklog = v);

        var predicates = new SettingReader(configuration, "WebSub:Predicates");
        predicates.Choice<PredicateVerification>("VerifyIntent", v => options.Predicates.VerifyIntent = v);
        predicates.Choice<DuplicateSubscription>("Duplicate", v => options.Predicates.Duplicate = v);
        predicates.Integer("MaxPerCallback", 1, 1_000_000, v => options.Predicates.MaxPerCallback = v);
        predicates.Integer("MessageDays", 1, 36_500, v => options.Predicates.MessageDays = v);

        var storage = new SettingReader(configuration, "WebSub:Storage");
        storage.Choice<SqlDialect>("Provider", v => options.StorageProvider = v);
        storage.Boolean("Migrate", v => options.Migrate = v);

        if (configuration.GetConnectionString("WebSub") is { Length: > 0 } connectionString)
            options.ConnectionString = connectionString;
        var administration = new SettingReader(configuration, "WebSub:Administration");
        administration.Knows("ApiKeys");
        administration.Choice<LocalCallers>("LocalCallers", v => options.LocalCallers = v);
        administration.RefuseOthers();
        foreach (var key in configuration.GetSection("WebSub:Administration:ApiKeys").GetChildren())
            ReadKey(options, key, administration.Faults);

        hub.RefuseOthers();
        predicates.RefuseOthers();
        storage.RefuseOthers();
        List<string> names = [.. hub.Names, .. predicates.Names, .. storage.Names, .. administration.Names];
        options.Faults.AddRange([
            .. hub.Faults,
            .. predicates.Faults,
            .. storage.Faults,
            .. administration.Faults,
            .. SettingReader.ReadOutbound(configuration, options.Outbound, names),
        ]);
        Names = names;
    }

    /// <summary>A key is a text, or a section with the key and what it is for.</summary>
    private void ReadKey(HubOptions options, IConfigurationSection setting, List<string> faults)
    {
        ApiKey key = setting.Value ?? "";
        if (setting.Value is null)
        {
            var one = new SettingReader(configuration, setting.Path);
            one.Text("Key", v => key = key with { Key = v });
            one.ChoiceList<ApiScope>("Scopes", v => key = key with { Scopes = [.. v] });
            one.RefuseOthers();
            faults.AddRange(one.Faults);
        }

        if (string.IsNullOrWhiteSpace(key.Key))
            faults.Add($"{setting.Path} is empty; it must be a key, or a section with Key and Scopes.");
        else
            options.ApiKeys[setting.Key] = key;
    }
}
