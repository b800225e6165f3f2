using Microsoft.Extensions.Configuration;
using WebSub.Settings;

namespace WebSub.Subscriber.Configuration;

/// <summary>The subscriptions declared in configuration.</summary>
internal static class DeclaredSettings
{
    public const string Name = "Subscriptions";

    public static void Read(SettingReader reader, WebSubSubscriberOptions options)
    {
        foreach (var item in reader.Section.GetSection(Name).GetChildren())
        {
            var (handler, resource, topic) = (item["Handler"], item["Resource"], item["Topic"]);
            if (string.IsNullOrEmpty(handler) || string.IsNullOrEmpty(resource) == string.IsNullOrEmpty(topic))
            {
                reader.Faults.Add(
                    $"{item.Path} has Handler \"{handler}\", Resource \"{resource}\", Topic \"{topic}\"; "
                        + "expected a Handler with either a Resource, or a Topic and its Hub."
                );
                continue;
            }

            var target = string.IsNullOrEmpty(resource) ? WebSubTarget.Topic(topic!, item["Hub"]) : WebSubTarget.Resource(resource);
            options.Subscriptions.Add(new(target, handler, ReadOptions(reader, item)));
        }
    }

    private static WebSubSubscribeOptions ReadOptions(SettingReader reader, IConfigurationSection item)
    {
        var one = reader.At(item);
        var how = new WebSubSubscribeOptions { Parameters = Pairs(item, "Parameters"), Headers = Pairs(item, "Headers") };
        one.Knows("Handler", "Resource", "Topic", "Hub", "Parameters", "Headers");
        one.Read("LeaseSeconds", SubscriberSettings.Lease, v => how = how with { LeaseSeconds = v });
        one.Read("Secret", SettingForm.Text, v => how = how with { Secret = v });
        one.Read("Signature", SettingForm.Choice<WebSubSignaturePolicy>(), v => how = how with { Signature = v });
        one.Read("AllHubs", SettingForm.Boolean, v => how = how with { AllHubs = v });
        one.Read("Accept", SettingForm.Text, v => how = how with { Accept = v });
        one.Read("AcceptLanguage", SettingForm.Text, v => how = how with { AcceptLanguage = v });
        one.Read("CallbackUrl", SettingForm.Text, v => how = how with { CallbackUrl = v });
        one.Read("AppendPath", SettingForm.Boolean, v => how = how with { AppendPath = v });
        one.Read("FreshKey", SettingForm.Boolean, v => how = how with { FreshKey = v });
        one.Read("DiscoveryHttpClient", SettingForm.Text, v => how = how with { DiscoveryHttpClient = v });
        one.Read("HttpClient", SettingForm.Text, v => how = how with { HttpClient = v });
        one.Read("Verify", SettingForm.Choice<WebSubVerify>(), v => how = how with { Verify = v });
        one.Read("VerifyToken", SettingForm.Text, v => how = how with { VerifyToken = v });
        one.RefuseOthers();
        reader.Faults.AddRange(one.Faults);
        return how;
    }

    private static List<KeyValuePair<string, string>> Pairs(IConfigurationSection item, string name) =>
        [.. item.GetSection(name).GetChildren().Select(c => KeyValuePair.Create(c.Key, c.Value ?? ""))];
}
