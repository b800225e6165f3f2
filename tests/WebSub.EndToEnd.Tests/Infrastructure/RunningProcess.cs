using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>A program that a test started: its lines as they come, signals, its end. Disposing ends it and what it started.</summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<OutputLine> _lines = [];
    private readonly List<(Regex Pattern, TaskCompletionSource<Match> Found)> _waiting = [];
    private readonly Process _process;
    private readonly Task _ended;

    private RunningProcess(Process process)
    {
        _process = process;
        _ended = Task.WhenAll(
                ReadAsync(process.StandardOutput, isError: false),
                ReadAsync(process.StandardError, isError: true),
                process.WaitForExitAsync()
            )
            .ContinueWith(_ => Settle(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public int Id => _process.Id;

    /// <summary>All lines of both streams, in the order they were read.</summary>
    public IReadOnlyList<OutputLine> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    /// <summary>Starts a program. Our own variables in the tests' environment are not passed on.</summary>
    public static RunningProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null,
        string input = ""
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("WEBSUB", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;

        var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return new(process);
    }

    /// <summary>
    /// The first line, past or to come, that matches; fails with the whole output when the program ends or time is up before.
    /// </summary>
    public async Task<Match> WaitForLineAsync([StringSyntax(StringSyntaxAttribute.Regex)] string pattern, TimeSpan? deadline = null)
    {
        var regex = new Regex(pattern);
        var found = new TaskCompletionSource<Match>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var match = _lines.Select(l => regex.Match(l.Text)).FirstOrDefault(m => m.Success);
            if (match is not null)
                return match;
            if (_ended.IsCompleted)
                throw Missing(pattern, "the program ended");
            _waiting.Add((regex, found));
        }

        try
        {
            return await found.Task.WaitAsync(deadline ?? Deadline.Default);
        }
        catch (TimeoutException)
        {
            throw Missing(pattern, "time was up");
        }
        catch (OperationCanceledException)
        {
            throw Missing(pattern, "the program ended");
        }
    }

    /// <summary>Waits for the end and returns the exit code; all output is read by then.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan? deadline = null)
    {
        try
        {
            await _ended.WaitAsync(deadline ?? Deadline.Default);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"The program did not end in time. Its output:\n{Output()}", e);
        }

        return _process.ExitCode;
    }

    /// <summary>SIGKILL: the program gets no chance to save anything.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGINT, as Ctrl-C.</summary>
    public Task InterruptAsync() => SignalAsync("INT");

    /// <summary>SIGTERM, as a service manager.</summary>
    public Task TerminateAsync() => SignalAsync("TERM");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _ended;
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    private async Task ReadAsync(StreamReader reader, bool isError)
    {
        while (await reader.ReadLineAsync() is { } text)
        {
            lock (_gate)
            {
                _lines.Add(new(text, isError));
                foreach (var waiting in _waiting.ToList())
                {
                    var match = waiting.Pattern.Match(text);
                    if (!match.Success)
                        continue;
                    waiting.Found.TrySetResult(match);
                    _waiting.Remove(waiting);
                }
            }
        }
    }

    private void Settle()
    {
        lock (_gate)
        {
            foreach (var (_, found) in _waiting)
                found.TrySetCanceled();
            _waiting.Clear();
        }
    }

    private InvalidOperationException Missing(string pattern, string why) =>
        new($"No line matched {pattern} before {why}. The output:\n{Output()}");

    private string Output() => string.Join('\n', Lines.Select(l => l.Text));
}
