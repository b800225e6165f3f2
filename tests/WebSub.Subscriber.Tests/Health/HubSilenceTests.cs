using WebSub.Subscriber.Health;
using Xunit;

namespace WebSub.Subscriber.Tests.Health;

public sealed class HubSilenceTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // The usual pause, and how long nothing has come, in hours.
    [InlineData(1, 23, false)]
    [InlineData(1, 24, true)]
    [InlineData(12, 95, false)]
    [InlineData(12, 96, true)]
    public void Hub_IsSilent_AfterADay_AndAfterEightUsualPauses(double usualHours, double silentHours, bool isSilent)
    {
        var last = Now.AddHours(-silentHours);

        var why = HubSilence.Reason(5, last, TimeSpan.FromHours(usualHours), new(), Now);

        Assert.Equal(isSilent, why is not null);
    }

    [Fact]
    public void Hub_OfWhichLittleIsKnown_IsNotSilent()
    {
        var longAgo = Now.AddYears(-1);

        Assert.Null(HubSilence.Reason(4, longAgo, TimeSpan.FromHours(1), new(), Now));
        Assert.Null(HubSilence.Reason(5, null, TimeSpan.FromHours(1), new(), Now));
        Assert.Null(HubSilence.Reason(5, longAgo, null, new(), Now));
        Assert.Null(HubSilence.Reason(5, longAgo, TimeSpan.FromHours(1), new() { SilentAfter = TimeSpan.Zero }, Now));
    }

    [Fact]
    public void Reason_SaysHowLongAndWhatIsUsual()
    {
        var why = HubSilence.Reason(9, Now.AddDays(-3), TimeSpan.FromMinutes(90), new(), Now);

        Assert.Equal("The hub has delivered nothing for 3 days; its usual pause is 90 minutes.", why);
    }
}
