using Microsoft.Extensions.Configuration;
using WebSub.Publishing;
using WebSub.Settings;

namespace WebSub.Publisher.Configuration;

/// <summary>The hubs: URLs in one text or an array, where an item can also be a section with more settings.</summary>
internal static class HubSettings
{
    public const string Name = "Hubs";
    private const string FullName = $"{PublisherSettings.Section}:{Name}";

    public static void Read(SettingReader reader, WebSubPublisherOptions options)
    {
        var section = reader.Section.GetSection(Name);
        if (section.Value is not null || section.GetChildren().All(c => c.Value is not null))
            reader.ReadList(Name, SettingForm.ExactUrl, v => options.Hubs = [.. v.Select(WebSubPublisherHub.FromString)]);
        else
            options.Hubs = [.. section.GetChildren().Select(item => ReadHub(reader, item)).OfType<WebSubPublisherHub>()];
    }

    public static IEnumerable<string> Check(WebSubPublisherOptions options)
    {
        if (options.Hubs.Count == 0 && !options.Faults.Exists(f => f.StartsWith(FullName, StringComparison.Ordinal)))
            yield return $"{FullName} is empty; it must name at least one hub, for example https://hub.example/.";

        foreach (var hub in options.Hubs)
        {
            if (!SettingForm.ExactUrl.IsAllowed(hub.Url))
                yield return SettingFault.Has(FullName, hub.Url, SettingForm.ExactUrl.AllowedInList);
            if (hub.Topics.Any(string.IsNullOrEmpty))
                yield return $"{FullName} has an empty topic at \"{hub.Url}\"; expected a topic, or the start of one and *.";
        }

        foreach (
            var twice in options
                .Hubs.GroupBy(h => h.Url, StringComparer.Ordinal)
                .Where(g => g.Select(h => (h.ApiKey, h.PingForm, h.TakesContent, string.Join('\n', h.Topics))).Distinct().Count() > 1)
        )
        {
            yield return $"{FullName} has \"{twice.Key}\" twice with different settings; expected each hub once.";
        }
    }

    private static WebSubPublisherHub? ReadHub(SettingReader reader, IConfigurationSection item)
    {
        var url = item.Value ?? item["Url"] ?? "";
        if (!SettingForm.ExactUrl.TryRead(url, out _))
        {
            reader.Faults.Add($"{item.Path} has the URL \"{url}\"; expected {SettingForm.ExactUrl.Allowed}.");
            return null;
        }

        var hub = new WebSubPublisherHub(url);
        var one = reader.At(item);
        one.Knows("Url");
        one.Read("ApiKey", SettingForm.Text, v => hub = hub with { ApiKey = v });
        one.Read("PingForm", SettingForm.Choice<PingForm>(), v => hub = hub with { PingForm = v });
        one.Read("TakesContent", SettingForm.Boolean, v => hub = hub with { TakesContent = v });
        one.ReadList("Topics", SettingForm.Text, v => hub = hub with { Topics = v });
        one.RefuseOthers();
        reader.Faults.AddRange(one.Faults);
        return hub;
    }
}
