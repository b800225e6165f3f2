using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Subscriber.Tests;
using WebSub.Subscriber.Tests.EndToEnd;

namespace WebSub.Subscriber.CommandLine.Tests;

/// <summary>
/// What a start finds in rows that do not fit the app is reported with the command that fixes it, and does not stop the start.
/// </summary>
public sealed class StartChecksTests
{
    [Theory]
    [InlineData(4501, "websub sync --purge-orphans")]
    [InlineData(4502, "websub fix-urls; else websub purge --unresolvable")]
    [InlineData(4504, "websub fix-urls")]
    [InlineData(4506, "is also used as https://hub.example/")]
    public async Task Start_RowThatDoesNotFit_NamesTheCommandThatFixesIt(int id, string command)
    {
        var database = TestFiles.NewDatabase();
        var slashless = Operator.Active("slashless");
        await new Operator(database).SeedAsync(
            Operator.Active("orphan") with
            {
                Declared = Operator.DeclaredText,
            },
            Operator.Active("unresolvable", "olds"),
            slashless with
            {
                Active = slashless.Active! with { Hub = Operator.Hub.TrimEnd('/') },
            }
        );
        using var log = new LogCollector();

        await using var app = await SubscriberApp.StartAsync(
            database: database,
            build: b => b.Services.AddSingleton<ILoggerProvider>(log),
            settings: ("WebSub:Subscriber:AutofixUrls", "false")
        );

        var said = log.Lines.Where(l => l.Id == id).ToList();
        Assert.NotEmpty(said);
        Assert.All(said, l => Assert.True(l.Level >= LogLevel.Warning));
        Assert.All(said, l => Assert.Contains(command, l.Text, StringComparison.Ordinal));
    }
}
