using System.Buffers;
using WebSub.Settings;

namespace WebSub.Subscriber.Configuration;

/// <summary>All settings of the subscriber.</summary>
internal static class SubscriberSettings
{
    public const string Section = "WebSub:Subscriber";
    private static readonly SearchValues<char> NotInPrefix = SearchValues.Create("{}?#* ");

    private static readonly SettingForm<string> Prefix = new(
        "a path that begins with / and has no { } ? # * or space",
        (text, out value) => (value = text).Length > 0,
        value => value
    )
    {
        IsAllowed = text => text.StartsWith('/') && !text.AsSpan().ContainsAny(NotInPrefix),
    };

    private static readonly SettingForm<Uri> PublicUrl = new(
        $"auto, or {SettingForm.BaseUrl.Allowed}",
        (text, out value) =>
        {
            var isAuto = text.Equals(WebSubSubscriberOptions.AutoPublicUrl.OriginalString, StringComparison.OrdinalIgnoreCase);
            value = WebSubSubscriberOptions.AutoPublicUrl;
            return isAuto || SettingForm.BaseUrl.TryRead(text, out value);
        },
        value => value.OriginalString
    )
    {
        IsAllowed = value => value == WebSubSubscriberOptions.AutoPublicUrl || SettingForm.BaseUrl.IsAllowed(value),
    };

    /// <summary>A requested lease.</summary>
    public static SettingForm<long> Lease { get; } = SettingForm.Integer(1, int.MaxValue, "seconds");

    public static SettingTable<WebSubSubscriberOptions> Table { get; } =
        new(
            AddTables(HealthSettings.AddTo(InboxSettings.AddTo(LeaseSettings.AddTo(AddCallbacks(new(Section))))))
                .AddTree(
                    DeclaredSettings.Name,
                    standard: "none",
                    "an array of objects",
                    "subscriptions that must exist while the app runs (below)",
                    DeclaredSettings.Read,
                    _ => []
                ),
            SharedSettings.ConnectionString<WebSubSubscriberOptions>(
                "WebSubSubscriber",
                o => o.ConnectionString,
                (o, v) => o.ConnectionString = v,
                "the subscriber's database"
            ),
            SharedSettings.Storage<WebSubSubscriberOptions>(
                "websub_subscriber_",
                o => o.StorageProvider,
                (o, v) => o.StorageProvider = v,
                o => o.Migrate,
                (o, v) => o.Migrate = v,
                o => o.CheckMegabytes,
                (o, v) => o.CheckMegabytes = v,
                o => o.KeyRing,
                (o, v) => o.KeyRing = v
            ),
            SharedSettings.Outbound<WebSubSubscriberOptions>(o => o.Outbound)
        );

    private static SettingSection<WebSubSubscriberOptions> AddCallbacks(SettingSection<WebSubSubscriberOptions> subscriber) =>
        subscriber
            .Add(
                "PublicUrl",
                PublicUrl,
                o => o.PublicUrl,
                (o, v) => o.PublicUrl = v,
                "the URL at which hubs reach this app, including any path; `auto` looks for a tunnel (ngrok, cloudflared, dev tunnels) at "
                    + "start",
                standard: "required"
            )
            .Add(
                "Role",
                SettingForm.Choice<WebSubSubscriberRole>(),
                o => o.Role,
                (o, v) => o.Role = v,
                "what this process does of what several share on one PostgreSQL database: `Callbacks` answers and asks hubs and runs no "
                    + "queued handler; `Workers` runs queued handlers, without a web server or `PublicUrl`; `All` does both"
            )
            .Add(
                "CallbackPrefix",
                Prefix,
                o => o.CallbackPrefix,
                (o, v) => o.CallbackPrefix = v,
                "callbacks are `{PublicUrl}{CallbackPrefix}/{handler}/{key}`"
            )
            .Add(
                "AutofixUrls",
                SettingForm.Boolean,
                o => o.AutofixUrls,
                (o, v) => o.AutofixUrls = v,
                "subscriptions whose callback URL has changed (public URL, prefix, handler name) are requested again, and the old callback "
                    + "keeps answering for `CallbackGraceSeconds`; false leaves them and logs a warning"
            )
            .Add(
                "CallbackGraceSeconds",
                SettingForm.Seconds(0, 31_536_000),
                o => o.CallbackGrace,
                (o, v) => o.CallbackGrace = v,
                "how long a replaced callback keeps answering, at most until its lease ends; then it is unsubscribed"
            )
            .Add(
                "TrustForwardedHeaders",
                SettingForm.Boolean,
                o => o.TrustForwardedHeaders,
                (o, v) => o.TrustForwardedHeaders = v,
                "trusts `X-Forwarded-For`, `-Proto`, `-Host` on callbacks only, so that HTTPS redirection and `RequireHost` work behind a "
                    + "proxy"
            )
            .Add(
                "MaxBodyBytes",
                SettingForm.Integer(1, int.MaxValue, "bytes"),
                o => o.MaxBodyBytes,
                (o, v) => o.MaxBodyBytes = v,
                "larger deliveries are answered 413"
            )
            .Add(
                "MaxBytesInFlight",
                SettingForm.Integer(1, 1L << 40, "bytes"),
                o => o.MaxBytesInFlight,
                (o, v) => o.MaxBytesInFlight = v,
                "most bytes in memory for deliveries that arrive, over all callbacks; each counts twice, and one subscription may use a "
                    + "quarter. Further ones wait; what has not arrived within a minute is answered 503, and hubs repeat it"
            )
            .Add(
                "BadSignatureStatus",
                SettingForm.Count(200, 499),
                o => o.BadSignatureStatus,
                (o, v) => o.BadSignatureStatus = v,
                "the response status for a delivery whose signature is missing or wrong; such a delivery is never handled"
            );

    private static SettingSection<WebSubSubscriberOptions> AddTables(SettingSection<WebSubSubscriberOptions> subscriber) =>
        subscriber
            .Add(
                "Schema",
                SettingForm.Text,
                o => o.Schema,
                (o, v) => o.Schema = v,
                "the PostgreSQL schema of the tables",
                standard: "the connection's own"
            )
            .Add("TablePrefix", SettingForm.Text, o => o.TablePrefix, (o, v) => o.TablePrefix = v, "the prefix of every table name");
}
