using System.Globalization;
using System.Net;
using System.Text;
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

    [Theory]
    [Trait("Req", "H5")]
    [InlineData("name=Gr%FC%DFe&{0}")]
    [InlineData("{0}&note=\u00ff\u00fe&%FF=1")]
    public async Task Field_ThatIsNoUtf8_AndNotTheProtocols_IsIgnored(string form)
    {
        await using var hub = await StartHubAsync();

        using var response = await SendAsync(hub, Encoding.Latin1.GetBytes(string.Format(CultureInfo.InvariantCulture, form, Asked(""))));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Theory]
    [InlineData("&hub.secret=%FC")]
    [InlineData("&hub.verify_token=%FC")]
    [InlineData("&hub.mode=\u00fc")]
    public async Task Field_OfTheProtocolThatIsNoUtf8_IsABadRequest(string field)
    {
        await using var hub = await StartHubAsync();

        using var response = await SendAsync(hub, Encoding.Latin1.GetBytes(Asked(field)));
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("not valid UTF-8", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WhoseVerificationWouldBeLarger_IsRefused_UntilItIsSentAsItWouldBeSentBack()
    {
        await using var hub = await StartHubAsync();
        var asSentBack = Asked("&hub.verify_token=" + string.Concat(Enumerable.Repeat("%2F", 1500)));

        using var plain = await SendAsync(hub, Encoding.ASCII.GetBytes(Asked("&hub.verify_token=" + new string('/', 1500))));
        using var packed = await SendAsync(hub, Packed.Of(asSentBack, "gzip"), "gzip");
        using var encoded = await SendAsync(hub, Encoding.ASCII.GetBytes(asSentBack));
        using var small = await SendAsync(hub, Encoding.ASCII.GetBytes(Asked("&hub.verify_token=" + new string('/', 100))));

        Assert.Equal((400, 400, 202, 202), ((int)plain.StatusCode, (int)packed.StatusCode, (int)encoded.StatusCode, (int)small.StatusCode));
    }

    private static string Asked(string more) =>
        "hub.mode=unsubscribe&hub.topic=https://publisher.example/&hub.callback=http://127.0.0.1:1/" + more;

    private static async Task<HttpResponseMessage> SendAsync(HubHost hub, byte[] form, string? coding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, hub.Url) { Content = new ByteArrayContent(form) };
        request.Content.Headers.ContentType = new("application/x-www-form-urlencoded");
        if (coding is not null)
            request.Content.Headers.ContentEncoding.Add(coding);
        return await hub.SendAsync(request);
    }

    public sealed class OnSqlite() : HubEndpointTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : HubEndpointTests(server);
}
