using System.CommandLine;
using System.CommandLine.Parsing;
using WebSub.Cli.Help;
using WebSub.Cli.Terminal;
using WebSub.Discovery;
using WebSub.Http;
using WebSub.Publishing;

namespace WebSub.Cli.Commands;

/// <summary><c>websub publish TOPIC…</c>: tells hubs that topics changed, or pushes the new content (§6, P2, P5).</summary>
internal static class PublishCommand
{
    private const string WayOut = "If you know its hub, name it with --hub: then the resource is not asked.";

    public static Command Create()
    {
        var topics = new Argument<string[]>("TOPIC")
        {
            Description = "What changed: pages or feeds; with --hub, topics as the hub knows them",
            Arity = ArgumentArity.OneOrMore,
        };
        var hubs = new Option<string[]>("--hub")
        {
            Description = "The hub to tell; repeatable. Default: every hub that the topic advertises",
            HelpName = "URL",
        };
        var content = new Option<string?>("--content")
        {
            Description = "Push this file as the topic's new content; - reads standard input",
            HelpName = "FILE",
        };
        var type = new Option<string?>("--type") { Description = "The content type of --content, sent as it is", HelpName = "TYPE" };
        var apiKey = SharedOptions.ApiKey();
        var allowPrivate = SharedOptions.AllowPrivate();
        var command = new ToolCommand("publish", "Tell hubs that topics changed")
        {
            topics,
            hubs,
            content,
            type,
            apiKey,
            allowPrivate,
            new Example("Tell the hubs that a feed names that it has changed", "websub publish https://blog.example/feed"),
            new Example("Tell a hub, without looking at the feed", "websub publish https://blog.example/feed --hub https://hub.example/"),
            new Example(
                "Push new content to a hub of this project",
                "websub publish https://blog.example/news --hub http://localhost:5080/hub --content news.json --type application/json"
            ),
        };
        command.OtherWords = ["ping", "notify", "pub", "push", "send"];
        command.Validators.Add(result =>
            Validate(result, result.GetValue(topics) ?? [], result.GetValue(hubs) ?? [], result.GetValue(content), result.GetValue(type))
        );
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var (typedTopics, typedHubs) = (parsed.GetRequiredValue(topics), parsed.GetValue(hubs) ?? []);
                var body = parsed.GetValue(content) is { } file ? await BodyFile.ReadAsync(file, cancellationToken) : null;
                using var http = Outbound.CreateClient(parsed.GetValue(allowPrivate), typedTopics.Concat(typedHubs));
                var report = new Report(parsed.GetValue(SharedOptions.Json));

                var (work, allFound) =
                    typedHubs.Length > 0
                        ? (typedHubs.Distinct().Select(hub => (Hub: hub, Topics: typedTopics)), true)
                        : await DiscoverAsync(http, typedTopics, report, cancellationToken);
                var publisher = new HubPublisher(new HubClient(http)) { ApiKey = parsed.GetValue(apiKey) };
                var allAccepted = true;
                foreach (var (hub, changed) in work)
                {
                    if (publisher.ApiKey is not null)
                        Outbound.WarnOfPlainHttp(hub);
                    var response = await Waiting.ForAsync(
                        body is null
                            ? publisher.PingAsync(hub, changed, cancellationToken)
                            : publisher.PushAsync(hub, changed[0], body, parsed.GetRequiredValue(type)!, cancellationToken),
                        hub,
                        cancellationToken
                    );
                    Show(report, hub, changed, response);
                    allAccepted &= response.IsAccepted;
                }

                return allFound && allAccepted ? ExitCode.Done : ExitCode.Failed;
            }
        );
        return command;
    }

    private static void Validate(CommandResult result, string[] topics, string[] hubs, string? content, string? type)
    {
        // A hub may know a topic by any name; only without a hub must the topic be a URL that can be requested.
        var urls = hubs.Length > 0 ? hubs.Select(h => (Name: "--hub", Text: h)) : topics.Select(t => (Name: "TOPIC", Text: t));
        if (urls.Select(u => SharedOptions.CheckUrl(u.Text, u.Name).Error).FirstOrDefault(e => e is not null) is { } error)
            result.AddError(error);
        else if (content is not null && string.IsNullOrWhiteSpace(type))
            result.AddError("--content needs --type, for example --type application/json.");
        else if (content is null && type is not null)
            result.AddError("--type is the type of --content, which is missing.");
        else if (content is not null && topics.Length > 1)
            result.AddError("--content is the content of one topic; there are several.");
        else if (type?.Any(char.IsControl) == true)
            result.AddError("--type contains a control character.");
    }

    /// <summary>The hubs of all topics, each with the topics to report to it: their self links, whatever was typed (S5).</summary>
    private static async Task<(IEnumerable<(string Hub, string[] Topics)> Work, bool AllFound)> DiscoverAsync(
        HttpClient http,
        IEnumerable<string> typed,
        Report report,
        CancellationToken cancellationToken
    )
    {
        var discovery = new TopicDiscovery(http);
        var found = new List<(string Hub, string Topic)>();
        var allFound = true;
        foreach (var resource in typed.Distinct())
        {
            var result = await Waiting.ForAsync(
                discovery.DiscoverAsync(resource, options: null, cancellationToken),
                resource,
                cancellationToken
            );
            if (result.IsSuccess)
            {
                found.AddRange(result.Hubs.Select(hub => (hub.Url, result.Self!.Url)));
                continue;
            }

            allFound = false;
            var reason = await new DiscoveryAdvice(http, TimeProvider.System, WayOut).ExplainAsync(result, cancellationToken);
            report.Write(
                [],
                new
                {
                    topic = resource,
                    outcome = "notDiscovered",
                    result.Error,
                    Explanation = reason,
                }
            );
            Report.Complain(reason);
        }

        return (found.GroupBy(f => f.Hub, f => f.Topic).Select(g => (g.Key, g.Distinct().ToArray())), allFound);
    }

    private static void Show(Report report, string hub, string[] topics, HubResponse response)
    {
        var status = response.StatusCode > 0 ? response.StatusCode : (int?)null;
        report.Write(
            response.IsAccepted ? [$"accepted  {hub}  ({status})", .. topics.Select(t => $"          {t}")] : [],
            new
            {
                hub,
                topics,
                response.Outcome,
                status,
                response.Explanation,
            }
        );
        if (!response.IsAccepted)
        {
            var hint =
                response.Outcome == HubOutcome.AddressRefused ? Outbound.Hint(refused: true) : Outbound.HubHint(response.Explanation);
            Report.Complain(response.Explanation + hint);
        }
    }
}
