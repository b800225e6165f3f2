using Microsoft.Extensions.Configuration;
using WebSub.Hub.Configuration;
using Xunit;

namespace WebSub.Hub.Tests.Configuration;

/// <summary>docs/reference/settings-hub.md, copied beside the tests.</summary>
public sealed class HubSettingsPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "settings-hub.md"));

    [Fact]
    public void Page_NamesEverySettingThatIsRead()
    {
        var setup = new HubOptionsSetup(new ConfigurationBuilder().Build());

        setup.Configure(new());

        Assert.True(setup.Names.Count > 30, $"{setup.Names.Count} settings");
        Assert.All(setup.Names, name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void Page_NamesNoSettingThatIsNot()
    {
        var setup = new HubOptionsSetup(new ConfigurationBuilder().Build());
        setup.Configure(new());
        var named = Page.Split('`')
            .Where(
                (text, i) =>
                    i % 2 == 1 && text.StartsWith("WebSub:", StringComparison.Ordinal) && !text.EndsWith("NAME", StringComparison.Ordinal)
            );

        Assert.Empty(named.Except(setup.Names));
    }

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
                "WebSub:Hub:Delivery:TimeoutSecond is no setting; WebSub:Hub:Delivery:TimeoutSeconds is.",
                "WebSub:Storage:Migrat is no setting; WebSub:Storage:Migrate is.",
                "WebSub:Administration:ApiKeys:empty is empty; it must be a key, or a section with Key and Scopes.",
                "WebSub:Administration:ApiKeys:robin:Scope is no setting; WebSub:Administration:ApiKeys:robin:Scopes is.",
                "WebSub:Administration:ApiKeys:wrong:Scopes has \"everything\"; allowed is a list of Publish, Read, Administer.",
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
        options.Delivery.RetrySeconds = [5, -1];

        var result = new HubOptionsValidator().Validate(null, options);

        Assert.Equal(
            [
                "WebSub:Hub:Lease:MaxSeconds is 9223372036854775807; it must be from 1 to 315360000.",
                "WebSub:Hub:Verification:PerHostPerMinute is 0; it must be from 1 to 2147483647.",
                "WebSub:Hub:Delivery:RetrySeconds has -1; allowed is a number of seconds from 0 to 31536000.",
            ],
            result.Failures
        );
    }
}
