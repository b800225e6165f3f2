using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Dashboard;

/// <summary>Who gets into the dashboard of a server that is not published, in its ordinary environment.</summary>
public sealed class DashboardAccessTests(PostgreSqlServer server)
{
    private const string Reader = "key-of-a-reader-0123456789abcdef";
    private const string Operator = "key-of-an-operator-0123456789abc";
    private const string Publisher = "key-of-a-publisher-0123456789abc";

    [Fact]
    public async Task Page_WithoutAKey_LeadsToTheFormAndBackToThePageAfterSigningIn()
    {
        await using var hub = await StartAsync();
        using var browser = Browser();

        using var first = await browser.GetAsync(new Uri($"{hub.Origin}/dashboard/subscriptions/1-2?x=y"));
        using var form = await browser.GetAsync(new Uri(first.RequestMessage!.RequestUri!, first.Headers.Location!));
        using var signedIn = await SignInAsync(browser, hub, Reader, "subscriptions/1-2?x=y");
        using var second = await browser.GetAsync(new Uri(signedIn.RequestMessage!.RequestUri!, signedIn.Headers.Location!));
        using var signedOut = await browser.PostAsync(new Uri($"{hub.Origin}/dashboard/sign-out"), null);
        using var third = await browser.GetAsync(new Uri($"{hub.Origin}/dashboard/"));

        Assert.Equal(
            (HttpStatusCode.Redirect, "../sign-in?to=subscriptions%2F1-2%3Fx%3Dy"),
            (first.StatusCode, $"{first.Headers.Location}")
        );
        Assert.Contains("value=\"subscriptions/1-2?x=y\"", await form.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(Reader, cookie, StringComparison.Ordinal);
        Assert.Equal(
            (HttpStatusCode.OK, "/dashboard/subscriptions/1-2"),
            (second.StatusCode, second.RequestMessage!.RequestUri!.AbsolutePath)
        );
        Assert.Contains("There is no such subscription", await second.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, signedOut.StatusCode);
        Assert.Equal("sign-in?to=", $"{third.Headers.Location}");
    }

    [Fact]
    [Trait("Starts", "PostgreSql")]
    public async Task SignIn_AtOneNode_IsOneAtTheOtherAndAfterANewStart()
    {
        var database = await server.CreateDatabaseAsync();
        await using var one = await StartAsync(database);
        await using var two = await StartAsync(database);
        using var browser = Browser();

        // Browsers send cookies to a host, whatever its port.
        using var signedIn = await SignInAsync(browser, one, Reader, "");
        using var there = await browser.GetAsync(new Uri($"{two.Origin}/dashboard/"));
        await one.KillAsync();
        await one.RestartAsync();
        using var later = await browser.GetAsync(new Uri($"{one.Origin}/dashboard/"));

        Assert.Equal(
            (HttpStatusCode.Redirect, HttpStatusCode.OK, HttpStatusCode.OK),
            (signedIn.StatusCode, there.StatusCode, later.StatusCode)
        );
        Assert.Contains("reader", await there.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_InTheLightInTheDarkAndOnAPhone_IsUsableByAll_AndLetsIn()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var hub = await StartAsync();
        await using var page = await chromium.OpenAsync();
        var complaints = page.Listen();

        await page.GoToAsync($"{hub.Origin}/dashboard/topics");
        var findings = await page.InspectAsync("sign-in");
        await page.TypeAsync("input[name=key]", Reader);
        await page.Keyboard.PressAsync("Enter");
        await page.SeesAsync("h1", "Topics");
        await page.SeesAsync(".who", "reader");

        Assert.Empty(findings);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_WhoseKeyIsDisabledWhileItIsOpen_ShowsNothingMore()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var hub = await StartAsync();
        var created = await AskAsync(hub, "keys", new { name = "guest", scopes = new[] { "read" } });
        var key = (string)JsonNode.Parse(created)!["key"]!;
        await using var page = await chromium.OpenAsync();
        await page.GoToAsync($"{hub.Origin}/dashboard/topics");
        await page.TypeAsync("input[name=key]", key);
        await page.Keyboard.PressAsync("Enter");
        await page.SeesAsync(".who", "guest");
        await page.WaitForSelectorAsync("main[data-live]");

        await AskAsync(hub, "keys/guest/disable", new { });

        await page.WaitForSelectorAsync("input[name=key]");
    }

    [Fact]
    public async Task Action_WithAKeyThatMayOnlyRead_IsRefused_AndNothingIsDone()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var hub = await StartAsync();
        await using var page = await chromium.OpenAsync();
        await page.GoToAsync($"{hub.Origin}/dashboard/origins");
        await page.TypeAsync("input[name=key]", Reader);
        await page.Keyboard.PressAsync("Enter");
        await page.SeesAsync("h1", "Origins");
        await page.IsLiveAsync();

        await page.TypeAsync(".filter input", "https://slow.example");
        await page.PressAsync(".filter button", "Pause");
        await page.SeesAsync(".mud-snackbar", "This needs a key with the scope administer.");
        await page.PressAsync("nav a", "Keys");
        await page.SeesAsync("main", "Keys are shown to those who have the scope administer.");
        var origins = await GetAsync(hub, "origins");
        var actions = await GetAsync(hub, "actions");

        Assert.Empty(origins["items"]!.AsArray());
        Assert.Empty(actions["items"]!.AsArray());
    }

    [Theory]
    [InlineData("nobody-has-this-key", HttpStatusCode.Unauthorized, "not one of this hub")]
    [InlineData(Publisher, HttpStatusCode.Forbidden, "read is not among its scopes")]
    [InlineData("", HttpStatusCode.BadRequest, "between 1 and")]
    public async Task SignIn_WithAKeyThatOpensNothing_SaysSo(string key, HttpStatusCode status, string sentence)
    {
        await using var hub = await StartAsync();
        using var browser = Browser();

        using var answer = await SignInAsync(browser, hub, key, "");

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(sentence, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancelled)), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task SignIn_WithATokenOfTheIdentityProvider_ShowsWhoItIs_UntilItExpires()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var hub = await HubProcess.StartAsync(
            HubProcess.Sqlite,
            ("WebSub:Administration:LocalCallers", "Never"),
            ("WebSub:Administration:Jwt:Authority", provider.Authority),
            ("WebSub:Administration:Jwt:Audience", "websub")
        );
        using var browser = Browser();
        var now = TimeProvider.System.GetUtcNow();

        using var stale = await SignInAsync(browser, hub, provider.Token("read", "websub", now.AddHours(-1)), "");
        using var blind = await SignInAsync(browser, hub, provider.Token("publish", "websub", now.AddHours(1)), "");
        using var signedIn = await SignInAsync(browser, hub, provider.Token("openid read", "websub", now.AddHours(1)), "topics");
        using var page = await browser.GetAsync(new Uri(signedIn.RequestMessage!.RequestUri!, signedIn.Headers.Location!));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden), (stale.StatusCode, blind.StatusCode));
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.OK), (signedIn.StatusCode, page.StatusCode));
        Assert.Contains("jwt:ada", await page.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    /// <summary>Tokens with many groups are longer than a cookie may be.</summary>
    [Fact]
    public async Task SignIn_WithALongToken_TakesSeveralCookies_WhichAllGoAgain()
    {
        await using var provider = await IdentityProvider.StartAsync();
        await using var hub = await HubProcess.StartAsync(
            HubProcess.Sqlite,
            ("WebSub:Administration:LocalCallers", "Never"),
            ("WebSub:Administration:Jwt:Authority", provider.Authority),
            ("WebSub:Administration:Jwt:Audience", "websub")
        );
        using var browser = Browser();
        var groups = string.Join(' ', Enumerable.Range(0, 900).Select(i => $"group{i}"));
        var token = provider.Token("openid read " + groups, "websub", TimeProvider.System.GetUtcNow().AddHours(1));
        Assert.InRange(token.Length, 10_000, 12_000);

        using var signedIn = await SignInAsync(browser, hub, token, "topics");
        using var page = await browser.GetAsync(new Uri(signedIn.RequestMessage!.RequestUri!, signedIn.Headers.Location!));
        using var circuit = await browser.PostAsync(new Uri($"{hub.Origin}/dashboard/_blazor/negotiate?negotiateVersion=1"), null);
        using var signedOut = await browser.PostAsync(new Uri($"{hub.Origin}/dashboard/sign-out"), null);
        using var over = await browser.GetAsync(new Uri($"{hub.Origin}/dashboard/topics"));
        using var tooLong = await SignInAsync(browser, hub, token + token, "");

        Assert.InRange(signedIn.Headers.GetValues("Set-Cookie").Count(), 3, 6);
        Assert.Contains("jwt:ada", await page.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Redirect), (circuit.StatusCode, over.StatusCode));
        Assert.All(
            signedOut.Headers.GetValues("Set-Cookie"),
            c => Assert.Contains("expires=Thu, 01 Jan 1970", c, StringComparison.Ordinal)
        );
        Assert.Contains("between 1 and 12,000 characters", await tooLong.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("\\evil.example")]
    public async Task SignIn_ThatIsToLeadElsewhere_StaysHere(string to)
    {
        await using var hub = await StartAsync();
        using var browser = Browser();

        using var answer = await SignInAsync(browser, hub, Reader, to);

        var target = new Uri(answer.RequestMessage!.RequestUri!, answer.Headers.Location!);
        Assert.Equal(new Uri(hub.Origin).Authority, target.Authority);
    }

    [Fact]
    public async Task Circuit_WithoutAKey_IsRefused_AndFormsOfOtherPagesAreToo()
    {
        await using var hub = await StartAsync();
        using var browser = Browser();
        using var forged = new HttpRequestMessage(HttpMethod.Post, $"{hub.Origin}/dashboard/sign-out");
        forged.Headers.Add("Origin", "https://evil.example");

        using var circuit = await browser.PostAsync(new Uri($"{hub.Origin}/dashboard/_blazor/negotiate?negotiateVersion=1"), null);
        using var foreign = await browser.SendAsync(forged);

        Assert.Equal(HttpStatusCode.Unauthorized, circuit.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    [Fact]
    public async Task Page_OfAnUnpublishedServer_HasItsScriptsAndStyles_AndLoadsLittle()
    {
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite);
        using var browser = Browser();

        using var redirect = await browser.GetAsync(new Uri($"{hub.Origin}/dashboard"));
        using var page = await browser.GetAsync(new Uri($"{hub.Origin}/dashboard/"));
        var html = await page.Content.ReadAsStringAsync(Cancelled);
        var names = html.Split('"').Where(p => p.StartsWith("assets/", StringComparison.Ordinal)).ToList();
        var sizes = new List<int>();
        foreach (var name in names)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{hub.Origin}/dashboard/{name}");
            request.Headers.Add("Accept-Encoding", "gzip, br");
            using var asset = await browser.SendAsync(request);
            sizes.Add((await asset.Content.ReadAsByteArrayAsync(Cancelled)).Length);
            Assert.Contains("immutable", $"{asset.Headers.CacheControl}", StringComparison.Ordinal);
        }

        Assert.Equal("dashboard/", $"{redirect.Headers.Location}");
        Assert.Equal(5, names.Count);
        Assert.DoesNotContain(0, sizes);
        Assert.InRange(sizes.Sum() + html.Length, 100_000, 400_000);
        Assert.InRange(html.Length, 1_000, 100_000);
        Assert.Contains("script-src 'self';", string.Concat(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static Task<HubProcess> StartAsync(string database = HubProcess.Sqlite) =>
        HubProcess.StartAsync(
            database,
            ("WebSub:Administration:LocalCallers", "Never"),
            ("WebSub:Administration:ApiKeys:reader:Key", Reader),
            ("WebSub:Administration:ApiKeys:reader:Scopes", "read"),
            ("WebSub:Administration:ApiKeys:operator:Key", Operator),
            ("WebSub:Administration:ApiKeys:operator:Scopes", "administer"),
            ("WebSub:Administration:ApiKeys:publisher:Key", Publisher),
            ("WebSub:Administration:ApiKeys:publisher:Scopes", "publish")
        );

    private static async Task<JsonNode> GetAsync(HubProcess hub, string path)
    {
        using var client = Browser();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{hub.Origin}/api/v1/{path}");
        request.Headers.Authorization = new("Bearer", Reader);
        using var answer = await client.SendAsync(request);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;
    }

    private static async Task<string> AskAsync(HubProcess hub, string path, object body)
    {
        using var client = Browser();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{hub.Origin}/api/v1/{path}") { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", Operator);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    private static HttpClient Browser() =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = true,
                CookieContainer = new(),
            }
        );

    private static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, HubProcess hub, string key, string to)
    {
        using var form = new FormUrlEncodedContent([new("key", key), new("to", to)]);
        return await browser.PostAsync(new Uri($"{hub.Origin}/dashboard/sign-in"), form);
    }
}
