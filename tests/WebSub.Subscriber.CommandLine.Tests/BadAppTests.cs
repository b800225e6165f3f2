using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Storage;
using WebSub.Subscriber.CommandLine.Terminal;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Tests;

namespace WebSub.Subscriber.CommandLine.Tests;

/// <summary>An app or a database that a command cannot work with is a sentence, and nothing is changed.</summary>
public sealed class BadAppTests
{
    [Fact]
    public async Task DatabaseOfANewerVersion_IsNamed()
    {
        var console = new Operator(TestFiles.NewDatabase());
        await console.WithAsync(services =>
            services
                .GetRequiredService<SubscriberDatabase>()
                .WriteAsync(
                    session => session.ExecuteAsync("insert into {migrations} (name, checksum) values ('9999_later', 'x')"),
                    TestContext.Current.CancellationToken
                )
        );

        var result = await console.RunAsync("list");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("newer version (it has 9999_later)", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvalidSetting_IsSaidAsAtStart()
    {
        var console = new Operator(TestFiles.NewDatabase()) { Settings = [("WebSub:Subscriber:PublicUrl", "nowhere")] };

        var result = await console.RunAsync("list");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("PublicUrl", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoSubscriber_NamesTheCallThatIsMissing()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        using var error = new StringWriter();

        var code = await CommandRunner.RunAsync(
            app.Services,
            ["list"],
            new CommandConsole(TextWriter.Null, error, TextReader.Null, isTerminal: false)
        );

        Assert.Equal(1, code);
        Assert.Contains("AddWebSubSubscriber()", error.ToString(), StringComparison.Ordinal);
    }
}
