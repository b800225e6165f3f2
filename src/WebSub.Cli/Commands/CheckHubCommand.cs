using System.CommandLine;
using WebSub.Cli.Checking;
using WebSub.Cli.Help;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Hub;
using WebSub.Conformance.Reports;
using WebSub.Http;

namespace WebSub.Cli.Commands;

/// <summary><c>websub check hub URL</c>: whether a hub does what the Recommendation asks, requirement by requirement.</summary>
internal static class CheckHubCommand
{
    public static ToolCommand Create()
    {
        var hub = SharedOptions.Url("URL", "The hub");
        var files = new Option<string[]>("--report")
        {
            Description = "Also write the report, with all that was sent and received: .html, .json, or .xml (JUnit); repeatable",
            HelpName = "FILE",
        };
        files.Validators.Add(result =>
        {
            foreach (var file in result.Tokens.Select(t => t.Value).Where(f => ReportWriter.FormatOf(f) is null))
                result.AddError($"--report \"{file}\" must end in .html, .json or .xml.");
        });
        var only = new Option<string[]>("--only")
        {
            Description = "Only these checks, for example H7 or H20-redirect; repeatable",
            HelpName = "ID",
        };
        only.Validators.Add(result =>
        {
            foreach (var id in result.Tokens.Select(t => t.Value).Where(i => !HubConformance.Requirements.Any(r => r.IsNamed(i))))
                result.AddError($"--only \"{id}\" is no check of a hub; they are {CheckList.Names(HubConformance.Requirements)}.");
        });
        var strict = new Option<bool>("--strict") { Description = "Fail on a SHOULD that is not met, too" };
        var isLong = new Option<bool>("--long")
        {
            Description = "Also run the checks that wait for retries and for a lease to end: up to ten minutes",
        };
        var port = SharedOptions.Port("Where the check's topics and callbacks listen; default: a free port");
        var publicUrl = SharedOptions.UrlOption("--public-url", "Where the hub reaches that port; needed for a hub elsewhere");
        var apiKey = SharedOptions.ApiKey();
        var allowPrivate = SharedOptions.AllowPrivate();
        var command = new ToolCommand("hub", "Check a hub: it is asked for subscriptions, told of updates, and given trouble")
        {
            hub,
            files,
            only,
            strict,
            isLong,
            port,
            publicUrl,
            apiKey,
            allowPrivate,
            new Example("A hub on this machine", "websub check hub http://localhost:5080/hub"),
            new Example(
                "A report to read, and one for the build server",
                "websub check hub http://localhost:5080/hub --report hub.html --report hub.xml"
            ),
            new Example("A hub elsewhere", "websub check hub https://hub.example/ --public-url https://me.example --port 8080"),
        };
        command.Remarks =
            "Exit code 1 if a MUST is not met (with --strict, a SHOULD too). The checks and what they do: docs/guides/conformance.md.";
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var url = parsed.GetRequiredValue(hub);
                var reachable = parsed.GetValue(publicUrl);
                if (reachable is null && Uri.TryCreate(url, UriKind.Absolute, out var where) && !AddressGuard.IsPrivateHost(where))
                {
                    Report.Complain(
                        $"{where.Host} cannot reach the topics and callbacks of this check on this machine's loopback address. "
                            + "Say with --public-url (and --port) where it reaches this machine."
                    );
                    return ExitCode.BadUsage;
                }

                var outbound = Outbound.Options(parsed.GetValue(allowPrivate), [url]);
                if (parsed.GetValue(apiKey) is not null)
                    Outbound.WarnOfPlainHttp(url);
                var options = new HubCheckOptions
                {
                    Hub = url,
                    ApiKey = parsed.GetValue(apiKey),
                    Port = parsed.GetValue(port) ?? 0,
                    PublicUrl = reachable,
                    AllowPrivateNetworks = outbound.AllowPrivateNetworks,
                    IncludeLong = parsed.GetValue(isLong),
                    Only = parsed.GetValue(only) ?? [],
                };
                var list = new CheckList(new Report(parsed.GetValue(SharedOptions.Json)));
                var report = await HubConformance.RunAsync(options, list, cancellationToken);
                foreach (var file in parsed.GetValue(files) ?? [])
                    await File.WriteAllTextAsync(file, ReportWriter.Write(report, ReportWriter.FormatOf(file)!.Value), cancellationToken);
                list.Conclude(report);
                return report.IsConformant(parsed.GetValue(strict) ? RequirementLevel.Should : RequirementLevel.Must)
                    ? ExitCode.Done
                    : ExitCode.Failed;
            }
        );
        return command;
    }
}
