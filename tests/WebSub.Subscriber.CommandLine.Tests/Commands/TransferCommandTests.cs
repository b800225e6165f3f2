using System.Globalization;
using System.Text.Json;
using WebSub.Subscriber.Tests.EndToEnd;
using WebSub.Testing;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

/// <summary><c>websub export</c> and <c>websub import</c>, from another database and from websubsub. On both databases.</summary>
public abstract class TransferCommandTests : IDisposable
{
    private const string Exported =
        "\"id\":\"7a8e0c04-0000-4000-8000-000000000001\",\"handler\":\"news\",\"topic\":\"t\",\"hub\":\"https://hub.example/\","
        + "\"state\":\"Active\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"changedAt\":\"2026-01-01T00:00:00Z\"";

    private readonly string _folder = Directory.CreateTempSubdirectory("websub-transfer-").FullName;

    protected abstract Task<string> CreateDatabaseAsync();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ExportAndImport_IntoAnotherDatabase_TheHubsDeliveriesGoOn()
    {
        var (from, to) = (Subscriber.Tests.TestFiles.NewDatabase(), await CreateDatabaseAsync());
        await using var hub = await FakeHub.StartAsync();
        FakeHubRequest request;
        await using (var before = await SubscriberApp.StartAsync(database: from))
            (_, request) = await before.SubscribeAsync(hub);
        var file = Path.Combine(_folder, "all.json");

        var export = await new Operator(from).RunAsync("export", file);
        var import = await new Operator(to).RunAsync("import", file);
        var again = await new Operator(to).RunAsync("import", file);
        await using var app = await SubscriberApp.StartAsync(database: to, settings: ("WebSub:Subscriber:AutofixUrls", "false"));
        var path = request.Callback[request.Callback.IndexOf("/websub/", StringComparison.Ordinal)..];
        var delivery = await hub.DeliverAsync(Redirected.To(request, app.Url + path), "news");

        Assert.Equal(
            ("exported", "added", "skipped"),
            (export.All("action").Single(), import.All("action").Single(), again.All("action").Single())
        );
        Assert.Equal(200, delivery.Status);
        Assert.Equal("news", (await app.NextNotificationAsync()).Text);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Import_FileThatHasASubscriptionTwice_AddsNothing()
    {
        var console = new Operator(await CreateDatabaseAsync());
        var from = new Operator(Subscriber.Tests.TestFiles.NewDatabase());
        var active = Operator.Active();
        await from.SeedAsync(active, Operator.Active("https://other.example/"));
        var export = await from.RunAsync("export");
        var other = (await from.StoredAsync()).Single(s => s.Id != active.Id).Id;

        var result = await console.RunAsync(["import", "-"], export.Output.Replace($"{other}", $"{active.Id}"), isTerminal: false);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains($"stdin has the subscription {active.Id} more than once", result.Error, StringComparison.Ordinal);
        Assert.Empty(await console.StoredAsync());
    }

    [Fact]
    public async Task Export_ToStdout_IsWhatImportReadsFromStdin()
    {
        var (from, to) = (new Operator(await CreateDatabaseAsync()), new Operator(Subscriber.Tests.TestFiles.NewDatabase()));
        var active = Operator.Active();
        await from.SeedAsync(active, Operator.Failing("other"));

        var export = await from.RunAsync("export");
        var import = await to.RunAsync(["import", "-"], export.Output, isTerminal: false);

        Assert.Equal((0, 0, 2), (export.ExitCode, import.ExitCode, import.All("action").Count(a => a == "added")));
        Assert.Equal((await from.StoredAsync(active.Id)).Active, (await to.StoredAsync(active.Id)).Active);
    }

    [Fact]
    public async Task Export_OntoAFileThatIsThere_IsRefused()
    {
        var console = new Operator(await CreateDatabaseAsync());
        var file = Write("there");

        var result = await console.RunAsync("export", file);

        Assert.Equal((1, "there"), (result.ExitCode, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)));
        Assert.Contains("exists already", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_DumpOfWebsubsub_TakesOverEachAsItWas()
    {
        var console = new Operator(await CreateDatabaseAsync()) { Handlers = ["news", "mail"] };
        var lease = TimeProvider.System.GetUtcNow().AddDays(3);
        var file = Write(
            Dump(
                ("verified", "blog:news", "verified", null, lease),
                ("ended", "news", "verified", "verified", lease),
                ("denied", "post", "denied", null, null),
                ("failing", "news", "huberror", null, null),
                ("expired", "news", "verified", null, lease.AddDays(-9))
            )
        );

        var result = await console.RunAsync("import", file, "--handler", "post=mail");

        Assert.Equal((0, 5), (result.ExitCode, result.All("action").Count(a => a == "added")));
        var stored = (await console.StoredAsync()).ToDictionary(s => s.Target.TopicName!);
        Assert.Equal(
            [
                ("denied", "mail", WebSubSubscriptionState.Denied),
                ("ended", "news", WebSubSubscriptionState.Unsubscribed),
                ("expired", "news", WebSubSubscriptionState.Pending),
                ("failing", "news", WebSubSubscriptionState.Pending),
                ("verified", "news", WebSubSubscriptionState.Active),
            ],
            stored.Values.Select(s => (s.Target.TopicName!, s.Handler, s.State)).Order()
        );
        var taken = stored["verified"];
        Assert.Equal("https://django.example/callback/" + taken.Id, taken.Active!.CallbackUrl);
        Assert.Equal(lease.ToUnixTimeSeconds(), taken.Active.LeaseEnd.ToUnixTimeSeconds());
        Assert.StartsWith("https://app.example/websub/news/", taken.Pending!.CallbackUrl, StringComparison.Ordinal);
        Assert.Null(stored["ended"].Pending);
    }

    [Theory]
    [InlineData(Operator.Hub, null)]
    [InlineData("https://other.example/", Operator.Hub)]
    public async Task Import_DumpOfWhatTheAppDeclaresWithoutItsHub_IsTheDeclaredOneOnlyAtTheDefaultHub(string defaultHub, string? expected)
    {
        var console = new Operator(await CreateDatabaseAsync())
        {
            Declared = [new(WebSubTarget.Topic("verified"), "news")],
            Settings = [("WebSub:Subscriber:DefaultHub", defaultHub)],
        };
        var lease = TimeProvider.System.GetUtcNow().AddDays(3);

        var result = await console.RunAsync("import", Write(Dump(("verified", "news", "verified", null, lease))));

        Assert.Equal(0, result.ExitCode);
        var stored = Assert.Single(await console.StoredAsync());
        Assert.Equal((WebSubTarget.Topic("verified", expected), Operator.Hub), (stored.Target, stored.Active!.Hub));
    }

    [Fact]
    public async Task Import_DumpBesideARunningApp_AnswersTheOldCallbackAndAsksForTheNewOne()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(database: database);
        var console = new Operator(database) { PublicUrl = app.Url };
        var dump = Dump(("verified", "news", "verified", null, TimeProvider.System.GetUtcNow().AddDays(3)))
            .Replace("https://django.example", app.Url, StringComparison.Ordinal)
            .Replace(Operator.Hub, hub.Url, StringComparison.Ordinal);

        var result = await console.RunAsync(["import", "-"], dump, isTerminal: false);
        var request = await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        var old = await hub.DeliverAsync(
            Redirected.To(request, $"{app.Url}/callback/{result.All("id").Single()}", isSigned: false),
            "to the old one"
        );
        await hub.VerifyAsync(request);
        await app.NextAsync(WebSubChangeKind.Renewed);
        await hub.DeliverAsync(request, "to the new one");

        Assert.Equal(200, old.Status);
        Assert.Equal(
            ["to the old one", "to the new one"],
            [(await app.NextNotificationAsync()).Text, (await app.NextNotificationAsync()).Text]
        );
    }

    [Theory]
    [InlineData("no JSON at all", "is neither a file of websub export nor one of websubsub's")]
    [InlineData("""{"hello":"world"}""", "is neither a file of websub export nor one of websubsub's")]
    [InlineData("""[{"model":"auth.user","pk":1,"fields":{}}]""", "manage.py dumpdata websubsub")]
    [InlineData(
        """[{"model":"websubsub.subscription","pk":"x","fields":{"topic":"t"}}]""",
        "must have hub_url, topic and callback_urlname"
    )]
    [InlineData("""[{"model":"websubsub.subscription","pk":"x","fields":{"topic":7}}]""", "cannot be read at")]
    [InlineData("""{"format":"websub-subscriptions","version":2,"subscriptions":[]}""", "reads up to 1; update the app")]
    [InlineData("""{"format":"websub-subscriptions","version":1,"subscriptions":[{"handler":7}]}""", "cannot be read at")]
    [InlineData("""{"format":"websub-subscriptions","version":1}""", "has no subscriptions")]
    [InlineData("""{"format":7,"subscriptions":[]}""", "is neither a file of websub export nor one of websubsub's")]
    [InlineData("""{"format":"websub-subscriptions","version":"one","subscriptions":[]}""", "cannot be read at $.version")]
    [InlineData("""{"format":"websub-subscriptions","version":99999999999,"subscriptions":[]}""", "update the app")]
    [InlineData("""{"format":"websub-subscriptions","version":1,"subscriptions":[null]}""", "cannot be read at $.subscriptions")]
    [InlineData("""{"format":"websub-subscriptions","version":1,"subscriptions":[{EXPORTED,"callbacks":null}]}""", "callbacks")]
    [InlineData("""{"format":"websub-subscriptions","version":1,"subscriptions":[{EXPORTED,"callbacks":[null]}]}""", "$.subscriptions;")]
    [InlineData("""{"format":"websub-subscriptions","version":1,"subscriptions":[{EXPORTED,"replaced":[null]}]}""", "$.subscriptions;")]
    [InlineData("""{"format":"websub-subscriptions","version":1,"subscriptions":[{EXPORTED}]}""", "has confirmed is missing")]
    public async Task Import_OfSomethingElse_IsASentence(string text, string sentence)
    {
        var console = new Operator(await CreateDatabaseAsync());

        var result = await console.RunAsync("import", Write(text.Replace("EXPORTED", Exported, StringComparison.Ordinal)));

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected failure", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Import_OneOfManyDoesNotFit_ImportsNone()
    {
        var console = new Operator(await CreateDatabaseAsync()) { Handlers = ["news", "mail"] };
        var good = ("good", "news", "huberror", (string?)null, (DateTimeOffset?)null);

        var handler = await console.RunAsync("import", Write(Dump(good, ("bad", "weather", "huberror", null, null))));
        var url = await console.RunAsync(
            "import",
            Write(
                Dump(good, ("bad", "news", "huberror", null, null))
                    .Replace(
                        "\"hub_url\":\"" + Operator.Hub + "\",\"topic\":\"bad\"",
                        "\"hub_url\":\"nowhere\",\"topic\":\"bad\"",
                        StringComparison.Ordinal
                    )
            )
        );
        var missing = await console.RunAsync("import", Path.Combine(_folder, "missing.json"));

        Assert.Equal((1, 1, 1), (handler.ExitCode, url.ExitCode, missing.ExitCode));
        Assert.Contains("--handler weather=NAME", handler.Error, StringComparison.Ordinal);
        Assert.Contains("nowhere", url.Error, StringComparison.Ordinal);
        Assert.Contains("missing.json", missing.Error, StringComparison.Ordinal);
        Assert.Empty(await console.StoredAsync());
    }

    private static string Dump(params (string Topic, string Name, string Status, string? Unsubscribe, DateTimeOffset? Lease)[] all) =>
        JsonSerializer.Serialize(
            all.Select(d =>
            {
                var id = Guid.NewGuid();
                return new
                {
                    model = "websubsub.subscription",
                    pk = id,
                    fields = new
                    {
                        time_created = "2026-11-01T10:00:00.123Z",
                        time_last_event_received = (string?)null,
                        hub_url = Operator.Hub,
                        topic = d.Topic,
                        callback_urlname = d.Name,
                        callback_url = "https://django.example/callback/" + id,
                        lease_expiration_time = d.Lease?.ToString("O", CultureInfo.InvariantCulture),
                        @static = false,
                        subscribe_status = d.Status,
                        unsubscribe_status = d.Unsubscribe,
                        connerror_count = 0,
                    },
                };
            })
        );

    private string Write(string text)
    {
        var file = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".json");
        File.WriteAllText(file, text);
        return file;
    }
}
