using System.CommandLine;

namespace WebSub.Cli.Administration;

/// <summary>The options of every command that asks a hub's administration API.</summary>
internal sealed class HubOptions
{
    private const string Usual = "http://localhost:5080/hub";
    private const int UsualLimit = 100;

    private readonly Option<string?> _hub = SharedOptions.UrlOption("--hub", $"The hub. Default: {Usual}, as websub hub has it");
    private readonly Option<string?> _apiKey = SharedOptions.ApiKey();
    private readonly Option<bool> _allowPrivate = SharedOptions.AllowPrivate();
    private readonly Option<int?> _limit = SharedOptions.Number("--limit", $"Show so many at most. Default: {UsualLimit}", "N", 1);

    /// <summary>Adds them to a command that lists, or to one that does something.</summary>
    public void AddTo(Command command, bool lists)
    {
        command.Options.Add(_hub);
        if (lists)
            command.Options.Add(_limit);
        command.Options.Add(_apiKey);
        command.Options.Add(_allowPrivate);
    }

    /// <summary>Runs with the API that was named.</summary>
    public async Task<T> WithApiAsync<T>(ParseResult parsed, Func<HubApi, Task<T>> run)
    {
        var typed = parsed.GetValue(_hub);
        var hub = typed ?? Usual;
        // The usual hub is on this machine; nobody need be told.
        using var http = Outbound.CreateClient(parsed.GetValue(_allowPrivate) || typed is null, [hub]);
        var key = parsed.GetValue(_apiKey);
        if (key is not null)
            Outbound.WarnOfPlainHttp(hub);
        return await run(new(http, hub, key, TimeProvider.System));
    }

    /// <summary>Lists what the API has: a table, or a line of JSON for each.</summary>
    public Task<int> ListAsync(
        ParseResult parsed,
        string path,
        IEnumerable<(string Name, string? Value)> filters,
        IReadOnlyList<Column> columns,
        CancellationToken cancellationToken
    ) =>
        WithApiAsync(
            parsed,
            async api =>
            {
                var most = parsed.GetValue(_limit) ?? UsualLimit;
                var report = new Report(parsed.GetValue(SharedOptions.Json));
                // One more than is shown says whether there are more.
                var asked = most == int.MaxValue ? most : most + 1;
                var items = await Terminal.Waiting.ForAsync(
                    api.ListAsync(path, filters, asked, cancellationToken).Take(asked).ToListAsync(cancellationToken).AsTask(),
                    api.Url,
                    cancellationToken
                );
                report.WriteTable(
                    [.. columns.Select(c => (c.Heading, c.IsWhole))],
                    [.. items.Take(most).Select(i => (IReadOnlyList<string>)[.. columns.Select(c => c.Cell(i) ?? "")])],
                    items.Take(most)
                );
                if (items.Count > most)
                    Report.Note($"there are more; --limit {Math.Min(most * 10L, int.MaxValue)} shows them.");
                if (items.Count == 0)
                    Report.Note("there are none.");
                return ExitCode.Done;
            }
        );

    /// <summary>Asks for an action, and says what became of it.</summary>
    /// <param name="parsed">The options.</param>
    /// <param name="path">What is asked for.</param>
    /// <param name="body">The particulars.</param>
    /// <param name="what">What the action counts.</param>
    /// <param name="cancellationToken">Ends the waiting, not the action.</param>
    /// <param name="place">Where this one stands among several, for a terminal; empty for one alone.</param>
    public Task<int> ActAsync(
        ParseResult parsed,
        string path,
        object body,
        string what,
        CancellationToken cancellationToken,
        string place = ""
    ) =>
        WithApiAsync(
            parsed,
            async api =>
            {
                var sofar = "";
                var action = await Terminal.Waiting.ForAsync(
                    api.ActAsync(
                        path,
                        body,
                        a => sofar = $", action {Column.Text(a, "id")}: {Column.Text(a, "affected")} so far",
                        cancellationToken
                    ),
                    () => $"{api.Url}{sofar}{place}",
                    cancellationToken
                );
                var (id, isDone, fault) = (
                    Column.Text(action, "id"),
                    Column.Text(action, "doneAt") is not null,
                    Column.Text(action, "result")
                );
                var count = Column.Text(action, "affected");
                new Report(parsed.GetValue(SharedOptions.Json)).Write(
                    fault is not null ? []
                        : isDone ? [$"{what} (action {id}): {count}"]
                        : [$"{what} (action {id}): the hub has stored the request and will carry it out"],
                    action
                );
                if (fault is null)
                    return ExitCode.Done;
                Report.Complain($"Action {id}: {fault}");
                return ExitCode.Failed;
            }
        );
}
