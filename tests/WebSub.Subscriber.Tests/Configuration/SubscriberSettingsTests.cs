using WebSub.Subscriber.Configuration;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Subscriber.Tests.Configuration;

public sealed class SubscriberSettingsTests
{
    private static readonly SettingsPage Page = new("settings-subscriber.md");

    [Fact]
    public void Page_TablesAreTheCodes() =>
        Page.AssertTablesAreThoseOf(SubscriberSettings.Table.Settings.Select(s => (s.Name, s.Default, s.Allowed, s.Meaning)));

    [Fact]
    public void Page_NamesOnlySettingsThatExist() => Assert.Empty(Page.Named.Except(SubscriberSettings.Table.Settings.Select(s => s.Name)));
}
