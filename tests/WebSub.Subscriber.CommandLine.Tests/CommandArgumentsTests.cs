namespace WebSub.Subscriber.CommandLine.Tests;

public sealed class CommandArgumentsTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("--urls http://localhost:5000", null)]
    [InlineData("list", null)]
    [InlineData("websub", "")]
    [InlineData("websub list --json", "list --json")]
    [InlineData("--WebSub:Subscriber:PublicUrl https://a.example websub renew --all", "renew --all")]
    [InlineData("websub list --ConnectionStrings:WebSubSubscriber=file", "list")]
    [InlineData("websub subscribe --topic a:b --hub https://hub.example/", "subscribe --topic a:b --hub https://hub.example/")]
    public void Of_TellsACommandFromTheAppsArguments(string typed, string? expected)
    {
        var command = CommandArguments.Of(typed.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(expected, command is null ? null : string.Join(' ', command));
    }
}
