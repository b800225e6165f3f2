using System.Net;
using System.Net.Sockets;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>
/// What stops the start of the server: one clear line, or a list of all faults; exit code 1, or 2 for wrong settings; never a stack trace.
/// </summary>
public sealed class StartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-start-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Start_PortInUse_SaysSo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://{listener.LocalEndpoint}";

        var result = await StartAsync("--urls", url);

        AssertOneLine(result, 1, url, "address already in use", "--urls");
    }

    [Fact]
    public async Task Start_PortInUseOnLocalhost_SaysSo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var result = await StartAsync("--urls", $"http://localhost:{port}");

        AssertOneLine(result, 1, $"{port}", "address already in use", "--urls");
    }

    [Theory]
    [InlineData("missing/folder/hub.db")]
    [InlineData("/proc/hub.db")]
    [InlineData("/dev/null/hub.db")]
    [InlineData("")]
    public async Task Start_DatabaseThatCannotBeWritten_SaysWhichAndWhy(string path)
    {
        var result = await StartAsync("--ConnectionStrings:WebSub", $"Data Source={(path.Length == 0 ? _folder : path)}");

        AssertOneLine(result, 1, path.Length == 0 ? _folder : path, "cannot be opened for writing");
    }

    [Fact]
    public async Task Start_DatabaseThatIsNone_SaysSo()
    {
        var file = Path.Combine(_folder, "notes.txt");
        await File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat("These are my notes about the tides, not a database.\n", 100)));

        var result = await StartAsync("--ConnectionStrings:WebSub", $"Data Source={file}");

        AssertOneLine(result, 1, file, "not a database");
    }

    [Fact]
    public async Task Start_DatabaseOfAnotherHub_SaysSoAndLeavesItAlone()
    {
        await using var sink = await CallbackSink.StartAsync();
        await using var hub = await HubProcess.StartAsync($"Data Source={_folder}/hub.db");

        var result = await StartAsync("--ConnectionStrings:WebSub", $"Data Source={_folder}/hub.db");
        var callback = await hub.SubscribeAsync(sink, "http://topics.example/");
        await hub.PushAsync(callback.Topic, "still at work");
        await callback.WaitForDeliveriesAsync(1);

        AssertOneLine(result, 1, $"{_folder}/hub.db", "in use by another process");
    }

    [Theory]
    [InlineData("Data Sorce=hub.db", 1)]
    [InlineData("Data Source=:memory:", 1)]
    [InlineData("Host=127.0.0.1;Prot=1", 1)]
    [InlineData("postgres://", 1)]
    [InlineData("Host=127.0.0.1;Port=abc", 1)]
    public async Task Start_ConnectionStringThatCannotBeRead_SaysSo(string connectionString, int exitCode)
    {
        var result = await StartAsync("--ConnectionStrings:WebSub", connectionString);

        AssertOneLine(result, exitCode);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=hub;Password=not for logs;Database=hub")]
    [InlineData("postgres://hub:not%20for%20logs@127.0.0.1:1/hub")]
    [InlineData("postgresql://hub:not%20for%20logs@nowhere.invalid/hub")]
    public async Task Start_PostgreSqlUnreachable_SaysSoWithoutThePassword(string connectionString)
    {
        var result = await StartAsync("--ConnectionStrings:WebSub", connectionString);

        AssertOneLine(result, 1, "PostgreSQL", "/hub");
        Assert.DoesNotContain("not for logs", string.Join('\n', [.. result.Output, .. result.Error]), StringComparison.Ordinal);
        Assert.DoesNotContain("not%20for%20logs", string.Join('\n', [.. result.Output, .. result.Error]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SeveralWrongSettings_ListsAllOfThem()
    {
        var result = await CliProcess.RunProgramAsync(
            Repository.DotNet,
            [
                Repository.Server,
                "--WebSub:Hub:PublicUrl",
                "hub.example",
                "--WebSub:Hub:Lease:MinSeconds=soon",
                "--WebSub:Hub:Delivery:Signature=md5",
                "--WebSub:Administration:ApiKeys:Robin=sha256:xyz",
            ],
            new Dictionary<string, string?>
            {
                ["WebSub__Hub__Delivery__RetrySeconds"] = "5,often",
                ["WebSub__Hub__Publishing__MaxContentBytes"] = "-1",
                ["WebSub__Outbound__AllowPrivateNetworks"] = "yes",
                ["WebSub__Storage__Provider"] = "MySql",
                ["WebSub__Hub__Lease__DefaultSeconds"] = "10",
                ["WebSub__Hub__Lease__MaxSeconds"] = "5",
            },
            _folder
        );

        Assert.Equal(2, result.ExitCode);
        Assert.DoesNotContain(
            result.Output.Concat(result.Error),
            l => l.StartsWith("   at ", StringComparison.Ordinal) || l.Contains("Exception", StringComparison.Ordinal)
        );
        (string Setting, string Value)[] wrong =
        [
            ("WebSub:Hub:PublicUrl", "hub.example"),
            ("WebSub:Hub:Lease:MinSeconds", "soon"),
            ("WebSub:Hub:Delivery:Signature", "md5"),
            ("WebSub:Hub:Delivery:RetrySeconds", "often"),
            ("WebSub:Hub:Publishing:MaxContentBytes", "-1"),
            ("WebSub:Outbound:AllowPrivateNetworks", "yes"),
            ("WebSub:Storage:Provider", "MySql"),
            ("WebSub:Administration:ApiKeys:Robin", "sha256"),
        ];
        Assert.All(
            wrong,
            w =>
                Assert.Contains(
                    result.Error,
                    l => l.Contains(w.Setting, StringComparison.Ordinal) && l.Contains(w.Value, StringComparison.Ordinal)
                )
        );
        Assert.Contains(
            result.Error,
            l => l.Contains("MaxSeconds", StringComparison.Ordinal) && l.Contains("300", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("http://0.0.0.0:PORT")]
    [InlineData("http://*:PORT")]
    [InlineData("http://+:PORT")]
    [InlineData("http://[::]:PORT")]
    public async Task Start_WildcardAddressWithoutPublicUrl_RefusesToGuess(string url)
    {
        var result = await StartAsync("--urls", url.Replace("PORT", $"{FreePort.Next()}", StringComparison.Ordinal));

        AssertOneLine(result, result.ExitCode, "WebSub:Hub:PublicUrl");
        Assert.InRange(result.ExitCode, 1, 2);
    }

    [Fact]
    public async Task Start_WildcardAddressWithPublicUrl_Serves()
    {
        var port = FreePort.Next();
        await using var process = ServerProcess.Start(
            Repository.Server,
            [
                "--urls",
                $"http://*:{port}",
                "--WebSub:Hub:PublicUrl",
                "https://hub.example/hub",
                "--WebSub:Outbound:AllowPrivateNetworks",
                "true",
            ],
            workingDirectory: _folder
        );
        await process.WaitForLineAsync("Application started");

        var page = await RawHttp.SendAsync($"http://127.0.0.1:{port}", "GET / HTTP/1.1");

        Assert.Equal(200, page.Status);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("http://localhost:99999")]
    [InlineData("http://192.0.2.1:8080")]
    public async Task Start_AddressThatCannotBe_SaysSo(string url)
    {
        var result = await StartAsync("--urls", url);

        AssertOneLine(result, result.ExitCode);
        Assert.InRange(result.ExitCode, 1, 2);
    }

    [Fact]
    public async Task Start_SettingsFileThatIsNotJson_SaysWhich()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "appsettings.json"), "{ \"WebSub\": ");

        var result = await StartAsync();

        AssertOneLine(result, 2, "appsettings.json");
    }

    [Fact]
    public async Task Start_Plain_LogsTheFullDatabasePathAndShowsThreeCommands()
    {
        await using var process = ServerProcess.Start(Repository.Server, ["--urls", "http://127.0.0.1:0"], workingDirectory: _folder);
        await process.WaitForLineAsync($"Hub database: {_folder}/websub.db$");
        var origin = (await process.WaitForLineAsync(@"Now listening on: (?<url>http://127\.0\.0\.1:[0-9]+)")).Groups["url"].Value;
        await process.WaitForLineAsync("Application started");

        var page = await RawHttp.SendAsync(origin, "GET / HTTP/1.1");

        Assert.Equal(200, page.Status);
        Assert.Equal(3, page.Body.Split('\n').Count(l => l.TrimStart().StartsWith("curl ", StringComparison.Ordinal)));
        Assert.Contains($"{origin}/hub", page.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hub.topic=http://t.example/&hub.callback=http://127.0.0.1:9/")]
    [InlineData("hub.topic=http://t.example/&hub.callback=http://localhost/cb")]
    [InlineData("hub.topic=http://t.example/&hub.callback=http://[::1]/")]
    [InlineData("hub.topic=http://t.example/&hub.callback=http://2130706433/")]
    [InlineData("hub.topic=http://t.example/&hub.callback=http://0x7f.1/")]
    [InlineData("hub.topic=http://t.example/&hub.callback=http://169.254.169.254/latest/meta-data/")]
    [InlineData("hub.topic=http://10.0.0.1/&hub.callback=http://c.example/")]
    [Trait("Req", "H13")]
    public async Task Guard_PrivateAddressOnAnOrdinaryHub_IsRefusedNamingTheSetting(string form)
    {
        await using var process = ServerProcess.Start(Repository.Server, ["--urls", "http://127.0.0.1:0"], workingDirectory: _folder);
        var origin = (await process.WaitForLineAsync(@"Now listening on: (?<url>http://127\.0\.0\.1:[0-9]+)")).Groups["url"].Value;

        var response = await RawHttp.PostFormAsync($"{origin}/hub", $"hub.mode=subscribe&{form}");

        response.AssertRefused(400, "WebSub:Outbound:AllowPrivateNetworks");
    }

    private Task<CliResult> StartAsync(params string[] arguments) =>
        CliProcess.RunProgramAsync(
            Repository.DotNet,
            [
                Repository.Server,
                .. arguments.Contains("--urls", StringComparer.Ordinal) ? [] : (string[])["--urls", "http://127.0.0.1:0"],
                .. arguments,
            ],
            workingDirectory: _folder
        );

    private static void AssertOneLine(CliResult result, int exitCode, params string[] words)
    {
        Assert.Equal(exitCode, result.ExitCode);
        Assert.All(words, w => Assert.Contains(w, result.Complaint, StringComparison.Ordinal));
        Assert.EndsWith(".", result.Complaint, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Complaint, StringComparison.Ordinal);
        // The log on standard output may show how far startup got, but must not repeat the failure.
        Assert.DoesNotContain(
            result.Output,
            l =>
                l.Contains("fail:", StringComparison.Ordinal)
                || l.Contains("crit:", StringComparison.Ordinal)
                || l.TrimStart().StartsWith("at ", StringComparison.Ordinal)
        );
    }
}
