using Microsoft.Extensions.Options;
using WebSub.Storage;

namespace WebSub.Hub.Configuration;

/// <summary>Reports all bad settings at once, each with the value found and the values allowed.</summary>
internal sealed class HubOptionsValidator : IValidateOptions<HubOptions>
{
    public ValidateOptionsResult Validate(string? name, HubOptions options)
    {
        List<string> faults = [.. options.Faults, .. HubSettings.Table.Check(options), .. Contradictions(options)];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>Values that are allowed individually but contradict each other.</summary>
    private static IEnumerable<string> Contradictions(HubOptions options)
    {
        var (lease, delivery, history) = (options.Lease, options.Delivery, options.History);
        if (lease.MinSeconds > lease.MaxSeconds)
        {
            yield return $"WebSub:Hub:Lease:MinSeconds is {lease.MinSeconds}; "
                + $"it must not be above MaxSeconds, which is {lease.MaxSeconds}.";
        }
        else if (lease.DefaultSeconds < lease.MinSeconds || lease.DefaultSeconds > lease.MaxSeconds)
        {
            yield return $"WebSub:Hub:Lease:DefaultSeconds is {lease.DefaultSeconds}; "
                + $"it must lie between MinSeconds ({lease.MinSeconds}) and MaxSeconds ({lease.MaxSeconds}).";
        }

        if (options.Roles != HubRoles.All && DialectOf(options) == SqlDialect.Sqlite)
        {
            yield return $"WebSub:Hub:Roles is {options.Roles}; on SQLite it must be All, since one process does everything. Nodes with "
                + "roles need PostgreSQL.";
        }

        if (delivery.Straggler > delivery.Timeout)
        {
            yield return $"WebSub:Hub:Delivery:StragglerMilliseconds is {delivery.Straggler.TotalMilliseconds}; "
                + $"it must not be above TimeoutSeconds, which is {delivery.Timeout.TotalSeconds}.";
        }

        foreach (var fault in ContradictionsOf(options.Jwt))
            yield return fault;

        if (history.MaxBacklog < history.Entries)
        {
            yield return $"WebSub:Hub:History:MaxBacklog is {history.MaxBacklog}; "
                + $"it must not be below Entries, which is {history.Entries}.";
        }
    }

    private static SqlDialect DialectOf(HubOptions options) =>
        options.StorageProvider ?? ConnectionStrings.DialectOf(options.ConnectionString);

    private static IEnumerable<string> ContradictionsOf(JwtOptions jwt)
    {
        if (jwt.Authority is null != string.IsNullOrEmpty(jwt.Audience))
        {
            yield return "WebSub:Administration:Jwt:Authority and Audience must both be set, or neither: "
                + $"they are {jwt.Authority?.ToString() ?? "none"} and {(string.IsNullOrEmpty(jwt.Audience) ? "none" : jwt.Audience)}.";
        }

        if (jwt.Authority is { Scheme: "http", IsLoopback: false })
        {
            yield return $"WebSub:Administration:Jwt:Authority is {jwt.Authority}; it must be https, since it says whose tokens are good.";
        }

        if (jwt.Authority is not null && string.IsNullOrEmpty(jwt.Scheme))
        {
            yield return "WebSub:Administration:Jwt:Authority is for the hub as a program. An app that embeds a hub adds an authentication "
                + "scheme of its own, and sets HubOptions.Jwt.Scheme to its name.";
        }
    }
}
