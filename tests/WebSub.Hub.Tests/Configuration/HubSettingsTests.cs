using Microsoft.Extensions.Configuration;
using WebSub.Hub.Configuration;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Configuration;

public sealed class HubSettingsTests
{
    private static readonly SettingsPage Page = new("settings-hub.md");

    [Fact]
    public void Page_TablesAreTheCodes() =>
        Page.AssertTablesAreThoseOf(HubSettings.Table.Settings.Select(s => (s.Name, s.Default, s.Allowed, s.Meaning)));

    [Fact]
    public void Page_NamesOnlySettingsThatExist() => Assert.Empty(Page.Named.Except(HubSettings.Table.Settings.Select(s => s.Name)));

    [Fact]
    public void Defaults_AreAllowed() => Assert.Empty(new HubOptionsValidator().Validate(null, new()).Failures ?? []);

    [Fact]
    public void MisspelledSetting_StopsTheStart_NamingTheOneThatWasMeant()
    {
        var options = new HubOptions();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["WebSub:Hub:Delivery:TimeoutSecond"] = "5",
                    ["WebSub:Storage:Migrat"] = "false",
                    ["WebSub:Administration:ApiKeys:robin:Key"] = "k",
                    ["WebSub:Administration:ApiKeys:robin:Scope"] = "read",
                    ["WebSub:Administration:ApiKeys:empty"] = "",
                    ["WebSub:Administration:ApiKeys:wrong:Key"] = "k",
                    ["WebSub:Administration:ApiKeys:wrong:Scopes"] = "read,everything",
                }
            )
            .Build();

        new HubOptionsSetup(configuration).Configure(options);
        var result = new HubOptionsValidator().Validate(null, options);

        Assert.Equal(
            [
                "WebSub:Hub:Delivery:TimeoutSecond is not a setting; did you mean WebSub:Hub:Delivery:TimeoutSeconds?",
                "WebSub:Storage:Migrat is not a setting; did you mean WebSub:Storage:Migrate?",
                "WebSub:Administration:ApiKeys:empty is empty; expected a key, or a section with Key and Scopes.",
                "WebSub:Administration:ApiKeys:robin:Scope is not a setting; did you mean WebSub:Administration:ApiKeys:robin:Scopes?",
                "WebSub:Administration:ApiKeys:wrong:Scopes has \"everything\"; expected a list of Publish, Read, Administer.",
            ],
            result.Failures
        );
    }

    [Fact]
    public void WrongValues_SetByCode_AreAllNamed()
    {
        var options = new HubOptions();
        options.Lease.MaxSeconds = long.MaxValue;
        options.Verification.PerHostPerMinute = 0;
        options.Delivery.RetryDelays = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(-1)];

        var result = new HubOptionsValidator().Validate(null, options);

        Assert.Equal(
            [
                "WebSub:Hub:Lease:MaxSeconds is \"9223372036854775807\"; expected a whole number of seconds from 1 to 315360000.",
                "WebSub:Hub:Verification:PerHostPerMinute is \"0\"; expected a whole number from 1 to 1000000.",
                "WebSub:Hub:Delivery:RetrySeconds has \"-1\"; expected a list of seconds such as 5,30,120, each from 0 to 31536000.",
            ],
            result.Failures
        );
    }
}
