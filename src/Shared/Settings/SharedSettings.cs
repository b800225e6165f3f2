using System.Security.Cryptography.X509Certificates;
using WebSub.Http;
using WebSub.Storage;

namespace WebSub.Settings;

/// <summary>The settings that hub, subscriber and publisher share, each in its own options.</summary>
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
                "private ranges that may be reached all the same"
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
                "root certificates of private authorities, trusted in addition to the machine's: for TLS peers in a closed network. "
                    + "Names and dates are checked as usual; certificates are never downloaded"
            );

    /// <summary><c>WebSub:Storage</c>.</summary>
    public static SettingSection<TOptions> Storage<TOptions>(
        string tables,
        Func<TOptions, SqlDialect?> getProvider,
        Action<TOptions, SqlDialect> setProvider,
        Func<TOptions, bool> getMigrate,
        Action<TOptions, bool> setMigrate,
        Func<TOptions, int> getCheck,
        Action<TOptions, int> setCheck,
        Func<TOptions, string?> getKeyRing,
        Action<TOptions, string> setKeyRing,
        string keyRing =
            "a folder for the keys that wrap the data key of sealed secrets, so that the database or its backup alone opens none; "
            + "it is created for this user only. Keys that are in the database move there at the next start"
    )
        where TOptions : new() =>
        new SettingSection<TOptions>("WebSub:Storage")
            .Add(
                "Provider",
                SettingForm.Choice<SqlDialect>(),
                getProvider,
                setProvider,
                "the kind of database, if the connection string does not show it",
                standard: "inferred from the connection string"
            )
            .Add(
                "Migrate",
                SettingForm.Boolean,
                o => getMigrate(o),
                setMigrate,
                $"true creates the tables (`{tables}…`) and migrates them at start, one process at a time. False changes nothing: "
                    + "it then checks at start that they are up to date and names any missing migrations"
            )
            .Add(
                "CheckMegabytes",
                SettingForm.Count(0, 1_000_000),
                o => getCheck(o),
                setCheck,
                "a SQLite file up to this size is checked for damage at start, which reads all of it; 0 never checks"
            )
            .Add("KeyRing", SettingForm.Text, getKeyRing, setKeyRing, keyRing, standard: "in the database, or the host's Data Protection");

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
