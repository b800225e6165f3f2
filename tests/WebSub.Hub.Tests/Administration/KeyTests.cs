using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>Keys that are created and disabled while the hub runs.</summary>
public abstract class KeyTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_ThatIsCreated_IsShownOnce_AndStoredAsItsHash()
    {
        await using var hub = await StartAsync();

        var (created, key) = await CreateAsync(hub, "blog", "publish", "read");
        var listed = (await hub.ListAsync("keys")).Select(k => k.ToJsonString()).ToList();
        var hash = await hub.Db.ReadAsync(s => s.ScalarAsync<byte[]>("select hash from {api_keys}"), Cancelled);

        Assert.Equal(("blog", "Administrator"), ((string)created["name"]!, (string)created["createdBy"]!));
        Assert.Equal(["publish", "read"], created["scopes"]!.AsArray().Select(s => (string)s!));
        Assert.Matches(@"\Awebsub_[A-Za-z0-9_-]{43}\z", key);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(key)), hash);
        Assert.Equal(2, listed.Count);
        Assert.Contains(
            listed,
            k => k.Contains("\"name\":\"Administrator\"", StringComparison.Ordinal) && k.Contains("\"isConfigured\":true")
        );
        Assert.DoesNotContain(
            listed,
            k => k.Contains(key, StringComparison.Ordinal) || k.Contains("administering", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("read", "GET", "topics", 200)]
    [InlineData("read", "POST", "origins/pause", 403)]
    [InlineData("publish", "GET", "topics", 403)]
    [InlineData("administer", "POST", "origins/pause", 202)]
    [InlineData("administer", "GET", "keys", 200)]
    [InlineData("read", "GET", "keys", 403)]
    public async Task Key_ThatWasCreated_AllowsWhatItsScopesSay(string scope, string method, string path, int status)
    {
        await using var hub = await StartAsync();
        var (_, key) = await CreateAsync(hub, "new", scope);

        using var answer = await hub.AskAsync(
            new(method),
            path,
            method == "POST" ? new { origin = "https://a.example" } : null,
            key,
            false
        );

        Assert.Equal(status, (int)answer.StatusCode);
        var by = (await hub.ListAsync("actions")).Where(a => (string)a["kind"]! == "pauseOrigin").Select(a => (string)a["requestedBy"]!);
        Assert.Equal(status == 202 ? ["new"] : [], by);
    }

    [Fact]
    public async Task Key_WithTheScopePublish_MayPush_UntilItIsDisabled()
    {
        await using var hub = await StartAsync();
        var (_, key) = await CreateAsync(hub, "blog", "publish");

        var before = await PushAsync(hub, key);
        using var disabled = await hub.AskAsync(HttpMethod.Post, "keys/blog/disable", new { reason = "leaked" }, "administering", false);
        var after = await PushAsync(hub, key);
        var row = (await hub.ListAsync("keys")).Single(k => (string)k["name"]! == "blog");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before, disabled.StatusCode, after));
        Assert.Equal("Administrator", (string)row["disabledBy"]!);
        Assert.NotNull(row["disabledAt"]);
    }

    [Fact]
    public async Task Key_ThatWasDisabledElsewhere_StopsWorkingWithinASecond()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var hub = await StartAsync(time);
        var (_, key) = await CreateAsync(hub, "blog", "read");
        using var before = await hub.AskAsync(HttpMethod.Get, "topics", null, key, false);

        // As another node does it.
        await hub.Db.WriteAsync(s => s.ExecuteAsync("update {api_keys} set disabled_at = 1, disabled_by = 'another'"), Cancelled);
        time.Advance(TimeSpan.FromSeconds(1));
        using var after = await hub.AskAsync(HttpMethod.Get, "topics", null, key, false);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before.StatusCode, after.StatusCode));
    }

    [Fact]
    public async Task Keys_AreReadAtMostOnceASecond_AndAUseIsNotedAtMostOnceAMinute()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var hub = await StartAsync(time);
        var (_, key) = await CreateAsync(hub, "blog", "read");
        var statements = new ConcurrentQueue<string>();
        hub.Db.Watch = statements.Enqueue;

        for (var i = 0; i < 5; i++)
        {
            (await hub.AskAsync(HttpMethod.Get, "nodes", null, key, false)).Dispose();
            (await hub.AskAsync(HttpMethod.Get, "nodes", null, "websub_unknown" + i, false)).Dispose();
            (await hub.AskAsync(HttpMethod.Get, "nodes", null, "unknown", false)).Dispose();
        }

        time.Advance(TimeSpan.FromSeconds(59));
        (await hub.AskAsync(HttpMethod.Get, "nodes", null, key, false)).Dispose();
        var early = Count(statements, "set last_used_at");
        time.Advance(TimeSpan.FromSeconds(1));
        (await hub.AskAsync(HttpMethod.Get, "nodes", null, key, false)).Dispose();
        hub.Db.Watch = null;
        var row = (await hub.ListAsync("keys")).Single(k => (string)k["name"]! == "blog");

        Assert.Equal((1, 2, 3), (early, Count(statements, "set last_used_at"), Count(statements, "last_used_at, disabled_by")));
        Assert.Equal(time.GetUtcNow().ToUnixTimeSeconds(), ((DateTimeOffset)row["lastUsedAt"]!).ToUnixTimeSeconds());
    }

    [Fact]
    public async Task AuditLog_HasEachCreationAndDisabling_WithTheNameOfTheKeyThatAsked()
    {
        await using var hub = await StartAsync();
        await CreateAsync(hub, "blog", "publish");
        (await hub.AskAsync(HttpMethod.Post, "keys/blog/disable", new { reason = "leaked" })).Dispose();
        (await hub.AskAsync(HttpMethod.Post, "keys/blog/disable", new { reason = "again" })).Dispose();

        var log = await hub.ListAsync("actions");

        Assert.Equal(
            [("createKey", "blog", "Administrator", null), ("disableKey", "blog", "local", "leaked")],
            log.Select(a => ((string)a["kind"]!, (string)a["target"]!, (string)a["requestedBy"]!, (string?)a["reason"]))
        );
        Assert.All(log, a => Assert.NotNull(a["doneAt"]));
    }

    [Theory]
    [InlineData("""{"scopes":["read"]}""", 400, "name")]
    [InlineData("""{"name":"a b","scopes":["read"]}""", 400, "name")]
    [InlineData("""{"name":"blog"}""", 400, "scopes")]
    [InlineData("""{"name":"blog","scopes":["write"]}""", 400, "scopes")]
    [InlineData("""{"name":"blog","scopes":["read"],"colour":"red"}""", 400, "colour")]
    [InlineData("""{"name":"Administrator","scopes":["read"]}""", 409, "name")]
    [InlineData("""{"name":"local","scopes":["read"]}""", 409, "name")]
    [InlineData("""{"name":"taken","scopes":["read"]}""", 409, "name")]
    public async Task Creation_ThatIsWrong_IsRefusedWithTheNameOfTheField_AndNothingIsStored(string body, int status, string field)
    {
        await using var hub = await StartAsync();
        await CreateAsync(hub, "taken", "read");

        using var answer = await hub.AskAsync(HttpMethod.Post, "keys", JsonNode.Parse(body));
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;

        Assert.Equal((status, field), ((int)answer.StatusCode, (string)problem["field"]!));
        Assert.Equal(2, (await hub.ListAsync("keys")).Count);
        Assert.Single(await hub.ListAsync("actions"));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("Administrator")]
    public async Task Disabling_OfAKeyThatWasNotCreatedHere_IsAnswered404(string name)
    {
        await using var hub = await StartAsync();

        using var answer = await hub.AskAsync(HttpMethod.Post, $"keys/{name}/disable");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(await hub.ListAsync("actions"));
    }

    [Fact]
    public async Task App_ThatEmbedsTheHub_CreatesListsAndDisables_PageByPage()
    {
        await using var hub = await StartAsync();
        var administration = hub.Services.GetRequiredService<IHubAdministration>();
        foreach (var name in new[] { "c", "a", "b" })
            Assert.NotNull(await administration.CreateKeyAsync(new(name, [ApiScope.Read], "Ada"), Cancelled));

        var first = await administration.ListKeysAsync(new(Limit: 2), Cancelled);
        var second = await administration.ListKeysAsync(new(first.Next, 2), Cancelled);
        var disabled = await administration.DisableKeyAsync("a", "Ada", cancellationToken: Cancelled);

        Assert.Equal(["Administrator", "a", "b", "c"], first.Items.Concat(second.Items).Select(k => k.Name));
        Assert.Null(second.Next);
        Assert.Equal("Ada", disabled!.DisabledBy);
    }

    private Task<HubHost> StartAsync(TimeProvider? time = null) =>
        HubHost.StartAsync(
            ConnectionString,
            o => o.ApiKeys["Administrator"] = new("administering") { Scopes = [ApiScope.Administer] },
            time
        );

    private static async Task<(JsonNode Created, string Key)> CreateAsync(HubHost hub, string name, params string[] scopes)
    {
        using var answer = await hub.AskAsync(HttpMethod.Post, "keys", new { name, scopes }, "administering", isLocal: false);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        var created = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;
        return (created, (string)created["key"]!);
    }

    private static async Task<HttpStatusCode> PushAsync(HubHost hub, string key)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            hub.Url + "?hub.mode=publish&hub.topic=" + Uri.EscapeDataString("https://blog.example/feed")
        )
        {
            Content = new StringContent("news", Encoding.UTF8, "text/plain"),
        };
        request.Headers.Authorization = new("Bearer", key);
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        using var answer = await hub.SendAsync(request);
        return answer.StatusCode;
    }

    private static int Count(IEnumerable<string> statements, string part) =>
        statements.Count(s => s.Contains(part, StringComparison.Ordinal));

    public sealed class OnSqlite() : KeyTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : KeyTests(server);
}
