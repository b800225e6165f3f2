using Microsoft.Extensions.Options;
using WebSub.Hub.Access;

namespace WebSub.Hub.Configuration;

/// <summary>Reports every bad setting at once, with the value seen and what is allowed.</summary>
internal sealed class HubOptionsValidator : IValidateOptions<HubOptions>
{
    private const long Year = 365 * 86_400;
    private const decimal MaxTimerSeconds = 4_000_000;

    public ValidateOptionsResult Validate(string? name, HubOptions options)
    {
        var faults = new List<string>(options.Faults);
        var lease = options.Lease;
        if (lease.MinSeconds > lease.MaxSeconds)
            faults.Add($"WebSub:Hub:Lease:MinSeconds is {lease.MinSeconds}; it must not be above MaxSeconds, which is {lease.MaxSeconds}.");
        else if (lease.DefaultSeconds < lease.MinSeconds || lease.DefaultSeconds > lease.MaxSeconds)
            faults.Add(
                $"WebSub:Hub:Lease:DefaultSeconds is {lease.DefaultSeconds}; it must lie between MinSeconds ({lease.MinSeconds}) and MaxSeconds ({lease.MaxSeconds})."
            );
        if (options.Delivery.Straggler > options.Delivery.Timeout)
            faults.Add(
                $"WebSub:Hub:Delivery:StragglerMilliseconds is {options.Delivery.Straggler.TotalMilliseconds}; it must not be above TimeoutSeconds, which is {options.Delivery.Timeout.TotalSeconds}."
            );
        if (options.History.MaxBacklog < options.History.Entries)
            faults.Add(
                $"WebSub:Hub:History:MaxBacklog is {options.History.MaxBacklog}; it must not be below Entries, which is {options.History.Entries}."
            );
        AddLimits(options, faults);
        if (options.Predicates.MessageDays is < 1 or > 36_500)
            faults.Add($"WebSub:Predicates:MessageDays is {options.Predicates.MessageDays}; it must be from 1 to 36500.");
        if (options.Predicates.MaxPerCallback is < 1 or > 1_000_000)
            faults.Add($"WebSub:Predicates:MaxPerCallback is {options.Predicates.MaxPerCallback}; it must be from 1 to 1000000.");
        if (options.PublicUrl is { IsAbsoluteUri: false })
            faults.Add($"WebSub:Hub:PublicUrl is \"{options.PublicUrl}\"; it must be an absolute http or https URL.");
        foreach (var (key, value) in options.ApiKeys.Select(k => (k.Key, k.Value.Key)))
        {
            if (value.StartsWith(CallerReader.HashMark, StringComparison.Ordinal) && !IsHash(value[CallerReader.HashMark.Length..]))
                faults.Add(
                    $"WebSub:Administration:ApiKeys:{key} begins with {CallerReader.HashMark}; then it must have the 64 hexadecimal digits of the key's SHA-256."
                );
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    // What comes from settings was checked when it was read; this is for what code sets.
    private static void AddLimits(HubOptions options, List<string> faults)
    {
        (string Name, decimal Value, decimal Min, decimal Max)[] limits =
        [
            ("Lease:MinSeconds", options.Lease.MinSeconds, 1, LeaseOptions.Longest),
            ("Lease:MaxSeconds", options.Lease.MaxSeconds, 1, LeaseOptions.Longest),
            ("Delivery:TimeoutSeconds", (decimal)options.Delivery.Timeout.TotalSeconds, 0.001m, MaxTimerSeconds),
            ("Delivery:StragglerMilliseconds", (decimal)options.Delivery.Straggler.TotalMilliseconds, 0.001m, MaxTimerSeconds * 1000),
            ("Delivery:MaxConcurrency", options.Delivery.MaxConcurrency, 1, int.MaxValue),
            ("Delivery:MaxPerOrigin", options.Delivery.MaxPerOrigin, 1, int.MaxValue),
            ("Delivery:MaxSlow", options.Delivery.MaxSlow, 1, int.MaxValue),
            ("Delivery:MaxSlowPerOrigin", options.Delivery.MaxSlowPerOrigin, 1, int.MaxValue),
            ("Verification:TimeoutSeconds", (decimal)options.Verification.Timeout.TotalSeconds, 0.001m, MaxTimerSeconds),
            ("Verification:PerHostPerMinute", options.Verification.PerHostPerMinute, 1, int.MaxValue),
            ("RateLimit:SubscribesPerMinute", options.RateLimit.SubscribesPerMinute, 1, int.MaxValue),
            ("RateLimit:PublishesPerMinute", options.RateLimit.PublishesPerMinute, 1, int.MaxValue),
            ("Subscribing:MaxPerCallbackHost", options.Subscribing.MaxPerCallbackHost, 0, long.MaxValue),
            ("Subscribing:MaxPerTopic", options.Subscribing.MaxPerTopic, 0, long.MaxValue),
            ("Publishing:MaxContentBytes", options.Publishing.MaxContentBytes, 1, int.MaxValue),
            ("Publishing:MinFetchSeconds", (decimal)options.Publishing.MinFetchInterval.TotalSeconds, 0, MaxTimerSeconds),
            ("Publishing:PerHostPerMinute", options.Publishing.PerHostPerMinute, 1, int.MaxValue),
            ("History:Days", options.History.Days, 1, 36_500),
            ("History:Entries", options.History.Entries, 1, long.MaxValue),
        ];
        faults.AddRange(
            limits
                .Where(l => l.Value < l.Min || l.Value > l.Max)
                .Select(l => $"WebSub:Hub:{l.Name} is {l.Value}; it must be from {l.Min} to {l.Max}.")
        );
        AddSchedule("Delivery", options.Delivery.RetrySeconds, faults);
        AddSchedule("Verification", options.Verification.RetrySeconds, faults);
    }

    private static void AddSchedule(string section, IReadOnlyList<long> seconds, List<string> faults)
    {
        foreach (var wrong in seconds.Where(s => s is < 0 or > Year))
            faults.Add($"WebSub:Hub:{section}:RetrySeconds has {wrong}; allowed is a number of seconds from 0 to {Year}.");
    }

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);
}
