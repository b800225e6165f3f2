using WebSub.TestSupport;

namespace WebSub.Publisher.Configuration;

public sealed class PublisherSettingsTests
{
    private static readonly SettingsPage Page = new("settings-publisher.md");

    [Fact]
    public void Page_TablesAreTheCodes() =>
        Page.AssertTablesAreThoseOf(PublisherSettings.Table.Settings.Select(s => (s.Name, s.Default, s.Allowed, s.Meaning)));

    [Fact]
    public void Page_NamesOnlySettingsThatExist() => Assert.Empty(Page.Named.Except(PublisherSettings.Table.Settings.Select(s => s.Name)));
}
