using Microsoft.Extensions.Options;
using WebSub.Values;

namespace WebSub.Publisher;

/// <summary>Checks the options as a whole and reports every fault at once: the setting, the value seen, what is allowed.</summary>
internal sealed class PublisherOptionsValidator : IValidateOptions<WebSubPublisherOptions>
{
    private const string Section = PublisherOptionsSetup.Section;

    public ValidateOptionsResult Validate(string? name, WebSubPublisherOptions options)
    {
        List<string> faults = [.. options.Faults];
        if (options.Hubs.Count == 0 && !options.Faults.Exists(f => f.StartsWith(Section + ":Hubs", StringComparison.Ordinal)))
        {
            faults.Add($"{Section}:Hubs is empty; it must name at least one hub, for example https://hub.example/.");
        }

        foreach (var hub in options.Hubs)
        {
            if (!VerbatimUrl.TryCreate(hub, out _, out _)) faults.Add($"{Section}:Hubs has \"{hub}\"; allowed is absolute http or https URLs.");
        }

        if (options.PublicUrl is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https") || url.Query.Length > 0 || url.Fragment.Length > 0))
        {
            faults.Add($"{Section}:PublicUrl is \"{url.OriginalString}\"; allowed is an absolute http or https URL without query and fragment.");
        }

        if (options.Timeout <= TimeSpan.Zero) faults.Add($"{Section}:TimeoutSeconds is \"{options.Timeout.TotalSeconds}\"; allowed is a number of seconds from 0.1 to 600.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(string.Join(Environment.NewLine, faults));
    }
}
