using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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

    [Theory]
    [InlineData("websub purge --all", null)]
    [InlineData("websub --ConnectionStrings:WebSubSubscriber file purge --all", null)]
    [InlineData("--ConnectionStrings:WebSubSubscriber=file websub purge --all", null)]
    [InlineData("websub import dump.json --ConnectionStrings:WebSubSubscriber file", null)]
    [InlineData("websub purge --all --ConnectionStrings:WebSubSubscriber file", "ConnectionStrings:WebSubSubscriber")]
    [InlineData("websub purge --all --ConnectionStrings:WebSubSubscriber=file", "ConnectionStrings:WebSubSubscriber")]
    public void NotInEffect_SettingThatTheConfigurationTookForAValue_IsNamed(string typed, string? expected)
    {
        var args = typed.Split(' ');
        var configuration = new ConfigurationBuilder().AddCommandLine(args).Build();

        var lost = CommandArguments.NotInEffect(args, configuration);

        Assert.Equal(expected, lost);
    }

    [Fact]
    public async Task RunWithWebSubCommands_SettingNotInEffect_DoesNothing()
    {
        var (meant, other) = (Subscriber.Tests.TestFiles.NewDatabase(), Subscriber.Tests.TestFiles.NewDatabase());
        var console = new Operator(other);
        await console.SeedAsync(Operator.Active());
        string[] args = ["websub", "purge", "-y", "--all", "--ConnectionStrings:WebSubSubscriber", meant];
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Configuration["ConnectionStrings:WebSubSubscriber"] = other;
        builder.Services.AddWebSubSubscriber(o => o.PublicUrl = new("https://app.example"));

        var code = await builder.Build().RunWithWebSubCommandsAsync(args);

        Assert.Equal((2, 1), (code, (await console.StoredAsync()).Count));
    }
}
