using Microsoft.Extensions.Options;
using WebSub.Values;

namespace WebSub.Publisher.Configuration;

/// <summary>Checks the options as a whole and reports every fault at once: the setting, the value seen, what is allowed.</summary>
internal sealed class PublisherOptionsValidator : IValidateOptions<WebSubPublisherOptions>
{
    private const string Section = PublisherOptionsSetup.Section;

    public ValidateOptionsResult Validate(string? name, WebSubPublisherOptions options)
    {
        List<string> faults = [.. options.Faults, .. HubFaults(options)];
        if (
            options.PublicUrl is { } url
            && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https") || url.Query.Length > 0 || url.Fragment.Length > 0)
        )
        {
            faults.Add(
                $"{Section}:PublicUrl is \"{url.OriginalString}\"; allowed is an absolute http or https URL without query and fragment."
            );
        }

        if (options.Timeout <= TimeSpan.Zero)
            faults.Add($"{Section}:TimeoutSeconds is \"{options.Timeout.TotalSeconds}\"; allowed is a number of seconds from 0.1 to 600.");
        if (options.RetryDelays.Count == 0)
            faults.Add($"{Section}:RetrySeconds is empty; it must have at least one number of seconds, for example 5,30,120.");
        foreach (var delay in options.RetryDelays.Where(d => d < TimeSpan.Zero))
            faults.Add($"{Section}:RetrySeconds has \"{delay.TotalSeconds}\"; allowed is 0 or more.");
        if (options.GiveUpAfter < TimeSpan.Zero)
            faults.Add($"{Section}:GiveUpAfterSeconds is \"{options.GiveUpAfter.TotalSeconds}\"; allowed is 0 or more.");
        if (options.CoalesceInterval < TimeSpan.Zero)
            faults.Add($"{Section}:CoalesceSeconds is \"{options.CoalesceInterval.TotalSeconds}\"; allowed is 0 or more.");
        if (options.MessagesPerHubPerSecond < 1)
            faults.Add($"{Section}:MessagesPerHubPerSecond is \"{options.MessagesPerHubPerSecond}\"; allowed is 1 or more.");
        if (options.MaxConcurrencyPerHub < 1)
            faults.Add($"{Section}:MaxConcurrencyPerHub is \"{options.MaxConcurrencyPerHub}\"; allowed is 1 or more.");
        if (options.MaxContentBytes < 1)
            faults.Add($"{Section}:MaxContentBytes is \"{options.MaxContentBytes}\"; allowed is 1 or more.");
        if (options.PollInterval <= TimeSpan.Zero)
            faults.Add(
                $"{Section}:PollSeconds is \"{options.PollInterval.TotalSeconds}\"; allowed is a number of seconds from 0.1 to 3600."
            );
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
            faults.Add(
                "ConnectionStrings:WebSubPublisher is empty; it must be a SQLite or PostgreSQL connection string, for example Data Source=websub-publisher.db."
            );
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(string.Join(Environment.NewLine, faults));
    }

    private static IEnumerable<string> HubFaults(WebSubPublisherOptions options)
    {
        if (options.Hubs.Count == 0 && !options.Faults.Exists(f => f.StartsWith(Section + ":Hubs", StringComparison.Ordinal)))
        {
            yield return $"{Section}:Hubs is empty; it must name at least one hub, for example https://hub.example/.";
        }

        foreach (var hub in options.Hubs)
        {
            if (!VerbatimUrl.TryCreate(hub.Url, out _, out _))
                yield return $"{Section}:Hubs has \"{hub.Url}\"; allowed is absolute http or https URLs.";
            if (hub.Topics.Any(string.IsNullOrEmpty))
                yield return $"{Section}:Hubs has an empty topic at \"{hub.Url}\"; allowed is a topic, or the start of one and *.";
        }

        foreach (
            var twice in options
                .Hubs.GroupBy(h => h.Url, StringComparer.Ordinal)
                .Where(g => g.Select(h => (h.ApiKey, h.PingForm, h.TakesContent, string.Join('\n', h.Topics))).Distinct().Count() > 1)
        )
        {
            yield return $"{Section}:Hubs has \"{twice.Key}\" twice with different settings; allowed is each hub once.";
        }
    }
}
