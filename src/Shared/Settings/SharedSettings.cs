using System.Security.Cryptography.X509Certificates;
using WebSub.Http;
using WebSub.Storage;

namespace WebSub.Settings;

/// <summary>The settings that hub, subscriber and publisher have in common, each in options of its own.</summary>
internal static class SharedSettings
{
    /// <summary><c>WebSub:Outbound</c>.</summary>
    public static SettingSection<TOptions> Outbound<TOptions>(Func<TOptions, OutboundOptions> of)
        where TOptions : new() =>
        new SettingSection<TOptions>("WebSub:Outbound")
            .Add(
                "AllowPrivateNetworks",
                SettingForm.Boolean,
                o => of(o).AllowPrivateNetworks,
                (o, v) => of(o).AllowPrivateNetworks = v,
                "true lets outbound requests reach private, loopback and link-local addresses (development)"
            )
            .AddList(
                "AllowedNetworks",
                SettingForm.Network,
                o => of(o).AllowedNetworks,
                (o, v) => of(o).AllowedNetworks = [.. v],
                "ranges that may be reached although they are private"
            )
            .Add(
                "Proxy",
                SettingForm.Url,
                o => of(o).Proxy,
                (o, v) => of(o).Proxy = v,
                "a proxy for all outbound requests, which must filter addresses itself; environment proxies are ignored"
            )
            .AddList<X509Certificate2Collection>(
                "TrustedAuthorities",
                SettingForm.Certificates,
                _ => [],
                (o, v) => of(o).TrustedAuthorities = [.. v.SelectMany(c => c)],
                "root certificates of private authorities, trusted beside the machine's: for peers on TLS in a closed network. Names and "
                    + "dates are checked as ever; certificates are never downloaded"
            );

    /// <summary><c>WebSub:Storage</c>.</summary>
    public static SettingSection<TOptions> Storage<TOptions>(
        string tables,
        Func<TOptions, SqlDialect?> getProvider,
        Action<TOptions, SqlDialect> setProvider,
        Func<TOptions, bool> getMigrate,
        Action<TOptions, bool> setMigrate
    )
        where TOptions : new() =>
        new SettingSection<TOptions>("WebSub:Storage")
            .Add(
                "Provider",
                SettingForm.Choice<SqlDialect>(),
                getProvider,
                setProvider,
                "the kind of database, where its connection string does not tell",
                standard: "told from the connection string"
            )
            .Add(
                "Migrate",
                SettingForm.Boolean,
                o => getMigrate(o),
                setMigrate,
                $"true makes the tables (`{tables}…`) and brings them up to date at start, one process at a time. False changes nothing: "
                    + "the start then checks that they are up to date and names the migrations that are missing"
            );

    /// <summary>The connection string.</summary>
    public static SettingSection<TOptions> ConnectionString<TOptions>(
        string name,
        Func<TOptions, string> get,
        Action<TOptions, string> set,
        string meaning
    )
        where TOptions : new() =>
        new SettingSection<TOptions>("ConnectionStrings") { IsOurs = false }.Add(
            name,
            SettingForm.ConnectionString,
            get,
            set,
            meaning,
            standard: $"`{get(new())}`"
        );
}
