using System.Text.Json;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary><c>websub listen</c> while it runs.</summary>
internal sealed class ListenProcess : IAsyncDisposable
{
    // If killed, it leaves its temporary folder behind; in here that does no harm.
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("websub-listen-process-");
    private readonly RunningProcess _process;

    private ListenProcess(string[] arguments) =>
        _process = RunningProcess.Start(
            Repository.DotNet,
            [Repository.Cli, "listen", .. arguments],
            new Dictionary<string, string?> { ["TMPDIR"] = _temporary.FullName }
        );

    public RunningProcess Process => _process;

    /// <summary>The events of <c>--json</c> so far.</summary>
    public IReadOnlyList<JsonElement> Events =>
        [.. _process.Lines.Where(l => !l.IsError).Select(l => JsonDocument.Parse(l.Text).RootElement)];

    /// <summary>The names of the events so far.</summary>
    public IEnumerable<string?> Names => Events.Select(e => e.GetProperty("event").GetString());

    /// <summary>What it said on stderr, without notes.</summary>
    public IReadOnlyList<string> Complaints =>
        [.. _process.Lines.Where(l => l.IsError && !l.Text.StartsWith("note: ", StringComparison.Ordinal)).Select(l => l.Text)];

    public static ListenProcess Start(params string[] arguments) => new(arguments);

    /// <summary>Waits for an event of <c>--json</c>.</summary>
    public async Task<JsonElement> WaitForAsync(string name)
    {
        var match = await _process.WaitForLineAsync($"^{{\"event\":\"{name}\".*$");
        return JsonDocument.Parse(match.Value).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _temporary.Delete(recursive: true);
    }
}
