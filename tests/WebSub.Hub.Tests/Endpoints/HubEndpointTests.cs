using System.Net;
using WebSub.Protocol;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Endpoints;

public abstract class HubEndpointTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    [Fact]
    [Trait("Req", "H10")]
    public async Task Request_ThatTheDatabaseRefuses_IsAnsweredWithASentence()
    {
        await using var hub = await StartHubAsync();
        await hub.Db.WriteAsync(s => s.ExecuteAsync("drop table {requests}"), default);

        using var response = await hub.RequestAsync(HubModes.Subscribe, "https://publisher.example/", "https://subscriber.example/");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("The hub's database does not answer as it should; try again later.\n", text);
    }

    [Theory]
    [Trait("Req", "H10")]
    [InlineData(HubModes.Subscribe, 400)]
    [InlineData(HubModes.Unsubscribe, 202)]
    public async Task Topic_ThatIsNeitherAUrlNorRegistered_IsABadRequest(string mode, int status)
    {
        await using var hub = await StartHubAsync();

        using var response = await hub.RequestAsync(mode, "mytopic", "http://127.0.0.1:1/");

        Assert.Equal(status, (int)response.StatusCode);
    }

    public sealed class OnSqlite() : HubEndpointTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : HubEndpointTests(server);
}
