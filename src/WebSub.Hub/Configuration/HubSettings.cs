using WebSub.Settings;

namespace WebSub.Hub.Configuration;

/// <summary>All settings of the hub.</summary>
internal static class HubSettings
{
    public const string Hub = "WebSub:Hub";
    public const string Predicates = "WebSub:Predicates";
    public const string Administration = "WebSub:Administration";

    public static SettingTable<HubOptions> Table { get; } =
        new(
            EventSettings.AddTo(DeliverySettings.AddTo(PublishingSettings.AddTo(SubscribingSettings.AddTo(AddTo(new(Hub)))))),
            SharedSettings.ConnectionString<HubOptions>(
                "WebSub",
                o => o.ConnectionString,
                (o, v) => o.ConnectionString = v,
                "SQLite file, PostgreSQL connection string or `postgres://` address. A node uses at most 30 pooled PostgreSQL connections "
                    + "(`Maximum Pool Size`) and two that stay open"
            ),
            PredicateSettings.AddTo(new(Predicates)),
            SharedSettings.Storage<HubOptions>(
                "websub_hub_",
                o => o.StorageProvider,
                (o, v) => o.StorageProvider = v,
                o => o.Migrate,
                (o, v) => o.Migrate = v,
                o => o.CheckMegabytes,
                (o, v) => o.CheckMegabytes = v,
                o => o.KeyRing,
                (o, v) => o.KeyRing = v
            ),
            AdministrationSettings.AddTo(new(Administration)),
            SharedSettings.Outbound<HubOptions>(o => o.Outbound)
        );

    private static SettingSection<HubOptions> AddTo(SettingSection<HubOptions> hub) =>
        hub.Add(
                "PublicUrl",
                SettingForm.Url,
                o => o.PublicUrl,
                (o, v) => o.PublicUrl = v,
                "the hub's URL: `rel=hub` on deliveries and in the user agent of fetches. Required when the hub listens on a wildcard "
                    + "address",
                standard: "the listening address and `/hub`"
            )
            .Add(
                "Roles",
                SettingForm.Choice<HubRoles>(),
                o => o.Roles,
                (o, v) => o.Roles = v,
                "what this node does, where several share a PostgreSQL database. `Intake`: takes in requests, content and messages; "
                    + "`Delivery`: verifies, fetches and delivers; `All`. There must be nodes of both kinds, or of all"
            );
}
