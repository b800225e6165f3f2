using WebSub.Hub.Access;
using WebSub.Settings;

namespace WebSub.Hub.Configuration;

/// <summary>Keys, and who needs none.</summary>
internal static class AdministrationSettings
{
    private const string ApiKeys = "ApiKeys";

    public static SettingSection<HubOptions> AddTo(SettingSection<HubOptions> administration) =>
        administration
            .AddTree(
                ApiKeys,
                standard: "none",
                "a key, or a section with `Key` and `Scopes`",
                "`WebSub:Administration:ApiKeys:NAME`: a key, sent as `Authorization: Bearer KEY`, or `sha256:` followed by its hash; or a "
                    + "section with `Key` and `Scopes` (`publish`, `read`, `administer`; default all)",
                ReadKeys,
                CheckKeys
            )
            .Add(
                "LocalCallers",
                SettingForm.Choice<LocalCallers>(),
                o => o.LocalCallers,
                (o, v) => o.LocalCallers = v,
                "whether callers on the hub's own machine need no key. `Auto`: only while `PublicUrl` is not set or points to this "
                    + "machine; `Always`: there is no proxy on this machine, or it sends `X-Forwarded-For`; `Never`"
            )
            .Add(
                "Jwt:Authority",
                SettingForm.Url,
                o => o.Jwt.Authority,
                (o, v) => o.Jwt.Authority = v,
                "the identity provider whose bearer tokens (JWT) are taken beside keys; https, or on this machine. An app that embeds a "
                    + "hub names an authentication scheme of its own in code (`Jwt.Scheme`)"
            )
            .Add(
                "Jwt:Audience",
                SettingForm.Text,
                o => o.Jwt.Audience,
                (o, v) => o.Jwt.Audience = v,
                "whom a token must be for (`aud`); required with an authority"
            )
            .Add(
                "Jwt:ScopeClaim",
                SettingForm.Text,
                o => o.Jwt.ScopeClaim,
                (o, v) => o.Jwt.ScopeClaim = v,
                "the claim that has `publish`, `read`, `administer`, or the same with the prefix `websub:`, separated by spaces or as a "
                    + "list"
            )
            .Add(
                "AuditDays",
                SettingForm.Integer(1, 36500, "days"),
                o => o.AuditDays,
                (o, v) => o.AuditDays = v,
                "how long the audit log is kept: actions go so many days after they have been carried out, once none of their redeliveries "
                    + "is under way"
            );

    private static void ReadKeys(SettingReader reader, HubOptions options)
    {
        foreach (var setting in reader.Section.GetSection(ApiKeys).GetChildren())
        {
            ApiKey key = setting.Value ?? "";
            if (setting.Value is null)
            {
                var one = reader.At(setting);
                one.Read("Key", SettingForm.Text, v => key = key with { Key = v });
                one.ReadList("Scopes", SettingForm.Choice<ApiScope>(), v => key = key with { Scopes = v });
                one.RefuseOthers();
                reader.Faults.AddRange(one.Faults);
            }

            if (string.IsNullOrWhiteSpace(key.Key))
                reader.Faults.Add(SettingFault.IsEmpty(setting.Path, "a key, or a section with Key and Scopes"));
            else
                options.ApiKeys[setting.Key] = key;
        }
    }

    private static IEnumerable<string> CheckKeys(HubOptions options) =>
        from key in options.ApiKeys
        where key.Value.Key.StartsWith(CallerReader.HashMark, StringComparison.Ordinal)
        where !IsHash(key.Value.Key[CallerReader.HashMark.Length..])
        select $"{HubSettings.Administration}:{ApiKeys}:{key.Key} begins with {CallerReader.HashMark}; "
            + "then it must have the 64 hexadecimal digits of the key's SHA-256.";

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);
}
