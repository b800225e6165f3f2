using System.Buffers;
using Microsoft.Extensions.Options;
using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Leases;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Configuration;

/// <summary>Checks the options as a whole and reports every fault at once: the setting, the value seen, what is allowed.</summary>
internal sealed class ValidateSubscriberSettings(HandlerRegistry handlers, IEnumerable<HubHttpClient> clients)
    : IValidateOptions<WebSubSubscriberOptions>
{
    private static readonly SearchValues<char> NotInPrefix = SearchValues.Create("{}?#* ");
    private const string Section = ReadSubscriberSettings.Section;

    public ValidateOptionsResult Validate(string? name, WebSubSubscriberOptions options)
    {
        List<string> faults = [.. options.Faults, .. handlers.Faults];
        if (options.PublicUrl is null)
        {
            if (!options.Faults.Exists(f => f.Contains(":PublicUrl", StringComparison.Ordinal)))
            {
                faults.Add(
                    $"{Section}:PublicUrl is missing; it must be the http or https URL at which hubs reach this app, for example https://example.com."
                );
            }
        }
        else if (
            !options.PublicUrl.IsAbsoluteUri
            || options.PublicUrl.Scheme is not ("http" or "https")
            || options.PublicUrl.Query.Length > 0
            || options.PublicUrl.Fragment.Length > 0
        )
        {
            faults.Add(
                $"{Section}:PublicUrl is \"{options.PublicUrl.OriginalString}\"; allowed is an absolute http or https URL without query and fragment."
            );
        }

        if (!options.CallbackPrefix.StartsWith('/') || options.CallbackPrefix.AsSpan().ContainsAny(NotInPrefix))
        {
            faults.Add(
                $"{Section}:CallbackPrefix is \"{options.CallbackPrefix}\"; allowed is a path that begins with / and has no {{ }} ? # * or space."
            );
        }

        if (options.RenewAtFraction is not (>= 0.1 and <= 0.95))
            faults.Add($"{Section}:RenewAtFraction is \"{options.RenewAtFraction}\"; allowed is a number from 0.1 to 0.95.");
        if (options.RenewalsPerHubPerSecond < 1)
            faults.Add($"{Section}:RenewalsPerHubPerSecond is \"{options.RenewalsPerHubPerSecond}\"; allowed is 1 or more.");
        if (options.BadSignatureStatus is < 200 or > 499)
            faults.Add($"{Section}:BadSignatureStatus is \"{options.BadSignatureStatus}\"; allowed is a whole number from 200 to 499.");
        if (options.MaxBodyBytes < 1)
            faults.Add($"{Section}:MaxBodyBytes is \"{options.MaxBodyBytes}\"; allowed is 1 or more.");
        if (options.Inbox.MaxConcurrency < 1)
            faults.Add($"{Section}:Inbox:MaxConcurrency is \"{options.Inbox.MaxConcurrency}\"; allowed is 1 or more.");
        if (options.Retry.Delays.Count == 0)
            faults.Add($"{Section}:Retry:DelaySeconds is empty; allowed is a list such as 10,60,300.");
        if (options.Inbox.Delays.Count == 0)
            faults.Add($"{Section}:Inbox:DelaySeconds is empty; allowed is a list such as 1,5,30.");
        foreach (var declared in options.Subscriptions)
        {
            if (handlers.Find(declared.Handler) is null)
            {
                faults.Add(
                    $"The subscription to {declared.Target} names the handler \"{declared.Handler}\"; allowed is one of those that AddHandler added: {string.Join(", ", handlers.Names)}."
                );
            }

            foreach (var (_, sentence) in WishFaults.Of(declared.Target, declared.Options, options.DefaultHub, clients))
                faults.Add($"The subscription to {declared.Target}: {sentence}");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(string.Join(Environment.NewLine, faults));
    }
}
