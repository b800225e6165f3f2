using WebSub.Cli.Help;

namespace WebSub.Cli.Commands;

/// <summary><c>websub check</c>: whether somebody's implementation does what the Recommendation asks.</summary>
internal static class CheckCommand
{
    public static ToolCommand Create()
    {
        var command = new ToolCommand("check", "Check an implementation against the W3C Recommendation, from outside")
        {
            CheckHubCommand.Create(),
            CheckPublisherCommand.Create(),
            CheckSubscriberCommand.Create(),
            new Example("A hub on this machine", "websub check hub http://localhost:5080/hub"),
            new Example("A feed and what it says of its hub", "websub check publisher https://blog.example/feed"),
            new Example("A subscriber, which you have subscribe to a few topics", "websub check subscriber"),
        };
        command.OtherWords = ["conformance", "validate", "test"];
        return command;
    }
}
