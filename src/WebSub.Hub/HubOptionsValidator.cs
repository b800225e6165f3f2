using Microsoft.Extensions.Options;
using WebSub.Hub.Access;

namespace WebSub.Hub;

/// <summary>Reports every bad setting at once, with the value seen and what is allowed.</summary>
internal sealed class HubOptionsValidator : IValidateOptions<HubOptions>
{
    public ValidateOptionsResult Validate(string? name, HubOptions options)
    {
        var faults = new List<string>(options.Faults);
        var lease = options.Lease;
        if (lease.MinSeconds > lease.MaxSeconds) faults.Add($"WebSub:Hub:Lease:MinSeconds is {lease.MinSeconds}; it must not be above MaxSeconds, which is {lease.MaxSeconds}.");
        else if (lease.DefaultSeconds < lease.MinSeconds || lease.DefaultSeconds > lease.MaxSeconds) faults.Add($"WebSub:Hub:Lease:DefaultSeconds is {lease.DefaultSeconds}; it must lie between MinSeconds ({lease.MinSeconds}) and MaxSeconds ({lease.MaxSeconds}).");
        if (options.Delivery.Straggler > options.Delivery.Timeout) faults.Add($"WebSub:Hub:Delivery:StragglerMilliseconds is {options.Delivery.Straggler.TotalMilliseconds}; it must not be above TimeoutSeconds, which is {options.Delivery.Timeout.TotalSeconds}.");
        if (options.History.MaxBacklog < options.History.Entries) faults.Add($"WebSub:Hub:History:MaxBacklog is {options.History.MaxBacklog}; it must not be below Entries, which is {options.History.Entries}.");
        if (options.PublicUrl is { IsAbsoluteUri: false }) faults.Add($"WebSub:Hub:PublicUrl is \"{options.PublicUrl}\"; it must be an absolute http or https URL.");
        foreach (var (key, value) in options.ApiKeys)
        {
            if (value.StartsWith(CallerReader.HashMark, StringComparison.Ordinal) && !IsHash(value[CallerReader.HashMark.Length..])) faults.Add($"WebSub:Administration:ApiKeys:{key} begins with {CallerReader.HashMark}; then it must have the 64 hexadecimal digits of the key's SHA-256.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);
}
