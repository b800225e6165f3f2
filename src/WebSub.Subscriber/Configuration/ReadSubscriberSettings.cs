using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using WebSub.Configuration;
using WebSub.Storage;

namespace WebSub.Subscriber.Configuration;

/// <summary>
/// Fills the options from <c>WebSub:Subscriber</c>, <c>WebSub:Outbound</c> and the connection string. What cannot be read is kept for the
/// validator.
/// </summary>
internal sealed class ReadSubscriberSettings(IConfiguration configuration) : IConfigureOptions<WebSubSubscriberOptions>
{
    public const string Section = "WebSub:Subscriber";

    public void Configure(WebSubSubscriberOptions options)
    {
        var reader = new SettingReader(configuration, Section);
        reader.Url("PublicUrl", v => options.PublicUrl = v);
        reader.Text("CallbackPrefix", v => options.CallbackPrefix = v);
        reader.Boolean("AutofixUrls", v => options.AutofixUrls = v);
        reader.Boolean("TrustForwardedHeaders", v => options.TrustForwardedHeaders = v);
        reader.Url("DefaultHub", v => options.DefaultHub = v);
        reader.Integer("LeaseSeconds", 1, int.MaxValue, v => options.LeaseSeconds = v);
        reader.Fraction("RenewAtFraction", 0.1, 0.95, v => options.RenewAtFraction = v);
        reader.Integer("RenewalsPerHubPerSecond", 1, 1000, v => options.RenewalsPerHubPerSecond = (int)v);
        reader.Integer("Retry:MaxConnectAttempts", 1, 1000, v => options.Retry.MaxConnectAttempts = (int)v);
        reader.Integer("Retry:MaxHubErrorAttempts", 1, 1000, v => options.Retry.MaxHubErrorAttempts = (int)v);
        reader.Integer("Retry:MaxVerifyAttempts", 1, 1000, v => options.Retry.MaxVerifyAttempts = (int)v);
        reader.IntegerList("Retry:DelaySeconds", 0, 604800, v => options.Retry.Delays = Seconds(v));
        reader.Seconds("VerifyWaitSeconds", 1, 86400, v => options.VerifyWait = v);
        reader.Integer("MaxBodyBytes", 1, int.MaxValue, v => options.MaxBodyBytes = v);
        reader.Integer("BadSignatureStatus", 200, 499, v => options.BadSignatureStatus = (int)v);
        reader.Boolean("UnsubscribeOnShutdown", v => options.UnsubscribeOnShutdown = v);
        reader.Seconds("ShutdownSeconds", 0, 3600, v => options.ShutdownTimeout = v);
        reader.Integer("Inbox:MaxConcurrency", 1, 1000, v => options.Inbox.MaxConcurrency = (int)v);
        reader.Integer("Inbox:MaxAttempts", 1, 1000, v => options.Inbox.MaxAttempts = (int)v);
        reader.IntegerList("Inbox:DelaySeconds", 0, 604800, v => options.Inbox.Delays = Seconds(v));
        reader.Seconds("Inbox:RetentionSeconds", 0, 31536000, v => options.Inbox.Retention = v);
        reader.Seconds("Inbox:ParkedRetentionSeconds", 0, 31536000, v => options.Inbox.ParkedRetention = v);
        reader.Seconds("Inbox:RepeatWindowSeconds", 0, 31536000, v => options.Inbox.RepeatWindow = v);
        reader.Text("Schema", v => options.Schema = v);
        reader.Text("TablePrefix", v => options.TablePrefix = v);
        reader.Knows("Subscriptions");
        reader.RefuseOthers();
        ReadSubscriptions(options, reader.Faults);

        var storage = new SettingReader(configuration, "WebSub:Storage");
        storage.Choice<SqlDialect>("Provider", v => options.StorageProvider = v);
        storage.Knows("Migrate");
        storage.RefuseOthers();
        if (configuration.GetConnectionString("WebSubSubscriber") is { Length: > 0 } connection)
            options.ConnectionString = connection;

        options.Faults.AddRange([.. reader.Faults, .. storage.Faults, .. SettingReader.ReadOutbound(configuration, options.Outbound)]);
    }

    private static List<TimeSpan> Seconds(IEnumerable<long> values) => [.. values.Select(v => TimeSpan.FromSeconds(v))];

    private static List<KeyValuePair<string, string>> Pairs(IConfigurationSection item, string name) =>
        [.. item.GetSection(name).GetChildren().Select(c => KeyValuePair.Create(c.Key, c.Value ?? ""))];

    private void ReadSubscriptions(WebSubSubscriberOptions options, List<string> faults)
    {
        foreach (var item in configuration.GetSection($"{Section}:Subscriptions").GetChildren())
        {
            var (handler, resource, topic) = (item["Handler"], item["Resource"], item["Topic"]);
            if (string.IsNullOrEmpty(handler) || string.IsNullOrEmpty(resource) == string.IsNullOrEmpty(topic))
            {
                faults.Add(
                    $"{item.Path} has Handler \"{handler}\", Resource \"{resource}\", Topic \"{topic}\"; allowed is a Handler with either a Resource, or a Topic and its Hub."
                );
                continue;
            }

            var one = new SettingReader(configuration, item.Path);
            var how = new WebSubSubscribeOptions();
            one.Integer("LeaseSeconds", 1, int.MaxValue, v => how = how with { LeaseSeconds = v });
            one.Text("Secret", v => how = how with { Secret = v });
            one.Choice<WebSubSignaturePolicy>("Signature", v => how = how with { Signature = v });
            one.Boolean("AllHubs", v => how = how with { AllHubs = v });
            one.Text("Accept", v => how = how with { Accept = v });
            one.Text("AcceptLanguage", v => how = how with { AcceptLanguage = v });
            one.Text("CallbackUrl", v => how = how with { CallbackUrl = v });
            one.Boolean("AppendPath", v => how = how with { AppendPath = v });
            one.Boolean("FreshKey", v => how = how with { FreshKey = v });
            one.Text("HttpClient", v => how = how with { HttpClient = v });
            one.Choice<WebSubVerify>("Verify", v => how = how with { Verify = v });
            one.Text("VerifyToken", v => how = how with { VerifyToken = v });
            one.Knows("Handler", "Resource", "Topic", "Hub", "Parameters", "Headers");
            one.RefuseOthers();
            how = how with { Parameters = Pairs(item, "Parameters"), Headers = Pairs(item, "Headers") };
            faults.AddRange(one.Faults);
            options.Subscriptions.Add(
                new(
                    string.IsNullOrEmpty(resource) ? WebSubTarget.Topic(topic!, item["Hub"]) : WebSubTarget.Resource(resource),
                    handler,
                    how
                )
            );
        }
    }
}
