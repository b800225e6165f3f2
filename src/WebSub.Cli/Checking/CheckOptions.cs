using System.CommandLine;
using WebSub.Cli.Help;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Reports;

namespace WebSub.Cli.Checking;

/// <summary>The options that every <c>websub check</c> has, and how its run ends.</summary>
/// <param name="role">What is checked: "hub".</param>
/// <param name="requirements">What it is checked for.</param>
internal sealed class CheckOptions(string role, IReadOnlyList<Requirement> requirements)
{
    private readonly Option<string[]> _files = Files();
    private readonly Option<string[]> _only = Ids(role, requirements);
    private readonly Option<bool> _strict = new("--strict") { Description = "Fail on a SHOULD that is not met, too" };

    /// <summary>The ids of the checks to run; all if empty.</summary>
    public IReadOnlyList<string> Only(ParseResult parsed) => parsed.GetValue(_only) ?? [];

    public void AddTo(ToolCommand command)
    {
        command.Remarks =
            "Exit code 1 if a MUST is not met (with --strict, a SHOULD too), if nothing passed, or if it was stopped. "
            + "The checks and what they do: docs/guides/conformance.md.";
        command.Add(_files);
        command.Add(_only);
        command.Add(_strict);
    }

    /// <summary>Runs the checks, shows each as it ends, and writes the reports that were asked for.</summary>
    public async Task<int> RunAsync(
        ParseResult parsed,
        Func<IProgress<CheckResult>, Task<ConformanceReport>> run,
        CancellationToken cancellationToken
    )
    {
        var isJson = parsed.GetValue(SharedOptions.Json);
        using var progress = new CheckProgress(requirements.Where(r => IsWanted(r, Only(parsed))), isShown: !isJson, TimeProvider.System);
        var list = new CheckList(new Report(isJson), isJson, progress);
        var files = parsed.GetValue(_files) ?? [];
        // Ten minutes later would be late to learn that a folder is not there.
        foreach (var file in files)
            await File.Open(file, FileMode.OpenOrCreate, FileAccess.Write).DisposeAsync();
        var report = (await run(list)) with { IsStrict = parsed.GetValue(_strict) };
        list.Conclude(report);
        // What a stopped run has found is written, too.
        foreach (var file in files)
            await File.WriteAllTextAsync(
                file,
                ReportWriter.Write(report, ReportWriter.FormatOf(file)!.Value),
                report.WasStopped ? CancellationToken.None : cancellationToken
            );
        return report.IsConformant ? ExitCode.Done : ExitCode.Failed;
    }

    private static bool IsWanted(Requirement requirement, IReadOnlyList<string> only) => only.Count == 0 || only.Any(requirement.IsNamed);

    private static Option<string[]> Files()
    {
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
        return files;
    }

    private static Option<string[]> Ids(string role, IReadOnlyList<Requirement> requirements)
    {
        var example = requirements.Last(r => r.Id.Contains('-', StringComparison.Ordinal)).Id;
        var only = new Option<string[]>("--only")
        {
            Description = $"Only these checks, for example {requirements[0].Id} or {example}; repeatable",
            HelpName = "ID",
        };
        only.Validators.Add(result =>
        {
            foreach (var id in result.Tokens.Select(t => t.Value).Where(i => !requirements.Any(r => r.IsNamed(i))))
                result.AddError($"--only \"{id}\" is no check of a {role}; they are {CheckList.Names(requirements)}.");
        });
        return only;
    }
}
