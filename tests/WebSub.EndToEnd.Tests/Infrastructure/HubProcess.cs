using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Testing;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>
/// The hub as an operator runs it: the built server in its own folder, killed and restarted on the same port and database as the test
/// requires.
/// </summary>
internal sealed class HubProcess : IAsyncDisposable
{
    /// <summary>A SQLite file in the process's own folder.</summary>
    public const string Sqlite = "Data Source=hub.db";

    private readonly string _folder = Directory.CreateTempSubdirectory("websub-hub-").FullName;
    private readonly HttpClient _http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
    private readonly Dictionary<string, string?> _environment;
    private RunningProcess? _process;

    private string ArmedFile => Path.Combine(_folder, "armed");

    private HubProcess(string database, IEnumerable<(string Name, string Value)> settings)
    {
        var isOnTls = settings.Any(s => s.Name.StartsWith("Kestrel:Certificates", StringComparison.Ordinal));
        Origin = $"{(isOnTls ? "https" : "http")}://127.0.0.1:{FreePort.Next()}";
        _environment = new()
        {
            ["ConnectionStrings__WebSub"] = database,
            ["WebSub__Outbound__AllowPrivateNetworks"] = "true",
            ["Logging__LogLevel__WebSub.Hub"] = "Debug",
        };
        foreach (var (name, value) in settings)
            _environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
    }

    /// <summary>Scheme, host and port.</summary>
    public string Origin { get; }

    /// <summary>The endpoint.</summary>
    public string Url => Origin + "/hub";

    /// <summary>The process of the last start.</summary>
    public RunningProcess Process => _process!;

    /// <summary>Starts a hub and waits until it serves.</summary>
    /// <param name="database">A connection string.</param>
    /// <param name="settings">By their full names, for example <c>WebSub:Hub:Delivery:RetrySeconds</c>.</param>
    public static Task<HubProcess> StartAsync(string database, params (string Name, string Value)[] settings) =>
        StartAsync(new HubProcess(database, settings), hub => hub.RestartAsync());

    /// <summary>
    /// Starts a hub that ends at one of its activities, once it is armed (tests/Programs/KilledHub); <see cref="RestartAsync"/> starts the
    /// ordinary server.
    /// </summary>
    /// <param name="database">A connection string.</param>
    /// <param name="point">Where it ends.</param>
    /// <param name="settings">By their full names.</param>
    public static Task<HubProcess> StartToBeKilledAsync(string database, KillPoint point, params (string Name, string Value)[] settings) =>
        StartAsync(new HubProcess(database, settings), hub => hub.RestartToBeKilledAsync(point));

    /// <summary>Restarts it as one that ends at an activity.</summary>
    public Task RestartToBeKilledAsync(KillPoint point) =>
        RunAsync(
            Repository.Program(Path.Combine("tests", "Programs"), "KilledHub"),
            "--Kill:Activity",
            point.Activity,
            "--Kill:When",
            point.When,
            "--Kill:Times",
            $"{point.Times}",
            "--Kill:Waits",
            $"{point.Waits}",
            "--Kill:Armed",
            ArmedFile
        );

    /// <summary>Arms it: from now on its kill point counts.</summary>
    public void Arm() => File.WriteAllText(ArmedFile, "");

    /// <summary>Returns once the armed hub stands still at its kill point.</summary>
    public Task ReachedAsync() => Process.WaitForLineAsync("^Reached ");

    private static async Task<HubProcess> StartAsync(HubProcess hub, Func<HubProcess, Task> start)
    {
        try
        {
            await start(hub);
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }

        return hub;
    }

    /// <summary>Starts it again, on the same port and database.</summary>
    public Task RestartAsync() => RunAsync(Repository.Server);

    private Task<HubResponse> PostContentAsync(string topic, byte[] content, string contentType) =>
        new HubClient(_http).PostAsync($"{Url}?hub.mode=publish&hub.topic={Uri.EscapeDataString(topic)}", content, contentType);

    private async Task RunAsync(string program, params string[] arguments)
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = ServerProcess.Start(program, ["--urls", Origin, .. arguments], _environment, _folder);
        await _process.WaitForLineAsync("Application started");
    }

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync();
    }

    /// <summary>Subscribes and waits until the hub has stored the verified subscription.</summary>
    public async Task<SinkCallback> SubscribeAsync(CallbackSink sink, string topic, string? secret = null, long? leaseSeconds = null)
    {
        var callback = sink.Expect(topic, secret);
        await SubscribeAsync(sink, callback, leaseSeconds);
        return callback;
    }

    /// <summary>Subscribes a callback and waits until the hub has stored the verified subscription.</summary>
    public async Task SubscribeAsync(CallbackSink sink, SinkCallback callback, long? leaseSeconds = null)
    {
        var response = await sink.RequestAsync(Url, callback, leaseSeconds: leaseSeconds);
        Assert.Equal(202, response.StatusCode);
        await VerifiedAsync(callback);
    }

    /// <summary>Subscribes a callback of a fake subscriber and waits until the hub has stored the subscription.</summary>
    public async Task SubscribeAsync(FakeSubscriber subscriber, string topic, string path)
    {
        var callback = subscriber.Callback(path);
        var form = new HubFields()
            .Add(HubParameters.Mode, HubModes.Subscribe)
            .Add(HubParameters.Topic, topic)
            .Add(HubParameters.Callback, callback);
        Assert.Equal(202, (await new HubClient(_http).PostAsync(Url, form)).StatusCode);
        await Process.WaitForLineAsync($@"\] subscribe of {Regex.Escape(callback)} for {Regex.Escape(topic)} verified");
    }

    /// <summary>Asks the administration API.</summary>
    public async Task<JsonNode> AskAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri($"{Origin}/api/v1/{path}"));
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
        return JsonNode.Parse(await response.Content.ReadAsStreamAsync())!;
    }

    /// <summary>Asks the administration API until it answers what is wanted.</summary>
    public async Task UntilAsync(string path, Func<JsonNode, bool> isWanted)
    {
        var until = TimeProvider.System.GetUtcNow() + Deadline.Default;
        while (await AskAsync(path) is var answer && !isWanted(answer))
        {
            if (TimeProvider.System.GetUtcNow() > until)
                Assert.Fail($"{path} is still {answer}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    /// <summary>Waits until the hub has stored the outcome of a verified request.</summary>
    public Task VerifiedAsync(SinkCallback callback, string mode = HubModes.Subscribe, long? leaseSeconds = null) =>
        Process.WaitForLineAsync(
            $@"\] {mode} of {Regex.Escape(callback.Url)} for {Regex.Escape(callback.Topic)} verified, lease "
                + $@"{leaseSeconds?.ToString() ?? "[0-9]+"} s"
        );

    /// <summary>Waits until the hub has dropped a request that was not confirmed.</summary>
    public Task NotConfirmedAsync(SinkCallback callback, string mode = HubModes.Subscribe) =>
        Process.WaitForLineAsync($@"\] {mode} of {Regex.Escape(callback.Url)} for {Regex.Escape(callback.Topic)} not confirmed");

    /// <summary>Publishes content itself.</summary>
    public async Task PushAsync(string topic, byte[] content, string contentType = "text/plain")
    {
        var response = await PostContentAsync(topic, content, contentType);
        Assert.Equal(202, response.StatusCode);
    }

    /// <summary>Publishes content to a hub that may be dying; true if it has taken it.</summary>
    public async Task<bool> TryPushAsync(string topic, string content) =>
        (await PostContentAsync(topic, System.Text.Encoding.UTF8.GetBytes(content), "text/plain")).IsAccepted;

    /// <inheritdoc cref="PushAsync(string, byte[], string)"/>
    public Task PushAsync(string topic, string content) => PushAsync(topic, System.Text.Encoding.UTF8.GetBytes(content));

    /// <summary>Reports that topics changed; each field is a name and a value.</summary>
    public async Task PingAsync(params (string Name, string Value)[] fields)
    {
        var form = new HubFields().Add(HubParameters.Mode, HubModes.Publish);
        foreach (var (name, value) in fields)
            form.Add(name, value);
        var response = await new HubClient(_http).PostAsync(Url, form);
        Assert.Equal(202, response.StatusCode);
    }

    /// <summary>
    /// Called when a test is cleaned up: adds what the hub has written since a line to the report of a failed test.
    /// </summary>
    public void ReportFailure(int sinceLine = 0)
    {
        if (_process is null || TestContext.Current.TestState?.Result != TestResult.Failed)
            return;
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join('\n', ["The hub wrote:", .. _process.Lines.Skip(sinceLine).Select(l => l.Text)])
        );
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
