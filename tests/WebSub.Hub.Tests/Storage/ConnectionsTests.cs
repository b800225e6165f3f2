using WebSub.Storage;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

public sealed class ConnectionsTests
{
    [Theory]
    [InlineData("Host=db;Database=hub", 30)]
    [InlineData("postgres://db/hub", 30)]
    [InlineData("Host=db;Database=hub;Maximum Pool Size=100", 100)]
    [InlineData("Host=db;Database=hub;MaxPoolSize=7", 7)]
    [InlineData("Host=db;Database=hub;Minimum Pool Size=40", 40)]
    [InlineData("postgres://db/hub?Maximum%20Pool%20Size=50", 50)]
    public void PoolOfConnections_LeavesRoomForOtherNodes_UnlessTheTextSaysHowManyItHas(string text, int expected) =>
        Assert.Equal(expected, ConnectionStrings.ForNpgsql(text).MaxPoolSize);
}
