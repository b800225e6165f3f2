using System.Net.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>Who may call what: every endpoint of the administration API is in this table, so that none is forgotten.</summary>
public sealed class EndpointAccessTests : OnBothDatabases
{
    private static readonly Dictionary<string, (ApiScope Scope, int Status)> Table = new(StringComparer.Ordinal)
    {
        ["GET /overview"] = (ApiScope.Read, 200),
        ["GET /topics"] = (ApiScope.Read, 200),
        ["GET /topics/{id}"] = (ApiScope.Read, 404),
        ["GET /topics/{id}/entries"] = (ApiScope.Read, 404),
        ["GET /topics/{id}/entries/{sequence:long}"] = (ApiScope.Read, 404),
        ["GET /subscriptions"] = (ApiScope.Read, 200),
        ["GET /subscriptions/furthest-behind"] = (ApiScope.Read, 200),
        ["GET /subscriptions/{id}"] = (ApiScope.Read, 404),
        ["GET /subscriptions/{id}/attempts"] = (ApiScope.Read, 404),
        ["GET /subscriptions/{id}/explanation"] = (ApiScope.Read, 404),
        ["GET /patterns"] = (ApiScope.Read, 200),
        ["GET /requests"] = (ApiScope.Read, 200),
        ["GET /dead-letters"] = (ApiScope.Read, 200),
        ["GET /lanes"] = (ApiScope.Read, 200),
        ["GET /origins"] = (ApiScope.Read, 200),
        ["GET /nodes"] = (ApiScope.Read, 200),
        ["GET /actions"] = (ApiScope.Read, 200),
        ["GET /actions/{id}"] = (ApiScope.Read, 404),
        ["GET /explain"] = (ApiScope.Read, 400),
        ["POST /topics/{id}/pause"] = (ApiScope.Administer, 404),
        ["POST /topics/{id}/resume"] = (ApiScope.Administer, 404),
        ["POST /topics/{id}/fetch"] = (ApiScope.Administer, 404),
        ["POST /topics/{id}/publish"] = (ApiScope.Administer, 404),
        ["POST /subscriptions/{id}/pause"] = (ApiScope.Administer, 404),
        ["POST /subscriptions/{id}/resume"] = (ApiScope.Administer, 404),
        ["POST /subscriptions/{id}/revoke"] = (ApiScope.Administer, 404),
        ["POST /subscriptions/{id}/replay"] = (ApiScope.Administer, 400),
        ["DELETE /subscriptions/{id}"] = (ApiScope.Administer, 404),
        ["POST /dead-letters/{id}/redeliver"] = (ApiScope.Administer, 404),
        ["POST /dead-letters/redeliver"] = (ApiScope.Administer, 400),
        ["DELETE /dead-letters/{id}"] = (ApiScope.Administer, 404),
        ["POST /origins/pause"] = (ApiScope.Administer, 400),
        ["POST /origins/resume"] = (ApiScope.Administer, 400),
        ["GET /keys"] = (ApiScope.Administer, 200),
        ["POST /keys"] = (ApiScope.Administer, 400),
        ["POST /keys/{name}/disable"] = (ApiScope.Administer, 404),
    };

    public EndpointAccessTests()
        : base(null)
    {
        // SQLite: the database has no part in it.
    }

    [Fact]
    public async Task Endpoint_WithoutAKey_WithAWrongOne_AndWithOneThatMay_AnswersAsTheTableSays()
    {
        await using var hub = await StartHubAsync(o =>
        {
            foreach (var scope in Enum.GetValues<ApiScope>())
                o.ApiKeys[$"{scope}"] = new($"for {scope}") { Scopes = [scope] };
        });
        var mapped = hub
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal))
            .SelectMany(e =>
                e.Metadata.GetRequiredMetadata<HttpMethodMetadata>()
                    .HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText!["/api/v1".Length..]}")
            )
            .ToList();

        Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), mapped.Order(StringComparer.Ordinal));
        foreach (var (endpoint, (scope, status)) in Table)
        {
            var statuses = new List<int> { await AskAsync(hub, endpoint, null), await AskAsync(hub, endpoint, "unknown") };
            foreach (var other in Enum.GetValues<ApiScope>().Where(s => s != scope))
                statuses.Add(await AskAsync(hub, endpoint, $"for {other}"));
            statuses.Add(await AskAsync(hub, endpoint, $"for {scope}"));
            Assert.Equal((endpoint, "401 401 403 403 " + status), (endpoint, string.Join(' ', statuses)));
        }
    }

    /// <summary>Of a stranger nothing is judged but who it is, also where routing could refuse the body first.</summary>
    [Fact]
    public async Task Body_OfAnotherType_IsRefusedAfterTheKey()
    {
        await using var hub = await StartHubAsync(o => o.ApiKeys["admin"] = new("for all") { Scopes = Enum.GetValues<ApiScope>() });
        var withBody = Table
            .Keys.Where(e => !e.StartsWith("GET ", StringComparison.Ordinal))
            .Select(e => e.Insert(e.IndexOf('/'), "/api/v1"));
        var findings = new List<string>();

        foreach (var endpoint in withBody.Concat(["POST /messages", "PATCH /messages/{id}"]))
            findings.Add($"{endpoint} {await SendTextAsync(hub, endpoint, null)} {await SendTextAsync(hub, endpoint, "for all")}");

        Assert.NotEmpty(findings);
        Assert.All(findings, f => Assert.EndsWith(" 401 415", f, StringComparison.Ordinal));
    }

    private static async Task<int> SendTextAsync(HubHost hub, string endpoint, string? key)
    {
        var (method, path) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1]);
        using var request = new HttpRequestMessage(new(method), hub.Origin + WithNames(path)) { Content = new StringContent("text") };
        // As through a proxy: no local caller.
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        using var answer = await hub.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static async Task<int> AskAsync(HubHost hub, string endpoint, string? key)
    {
        var (method, path) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1]);
        using var answer = await hub.AskAsync(new(method), WithNames(path)[1..], method == "POST" ? new { } : null, key, isLocal: false);
        return (int)answer.StatusCode;
    }

    private static string WithNames(string path) =>
        path.Replace("{id}", "1", StringComparison.Ordinal)
            .Replace("{name}", "nobody", StringComparison.Ordinal)
            .Replace("{sequence:long}", "1", StringComparison.Ordinal);
}
