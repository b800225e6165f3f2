using System.Net;
using System.Net.Http.Headers;
using WebSub.EndToEnd.Tests.Dashboard;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Deploy;

/// <summary>The examples in deploy/nginx, in a real nginx with TLS before a real hub.</summary>
public sealed class NginxTests : IDisposable
{
    private const string Key = "operator-key-of-the-proxy-tests-0123456789";
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-nginx-").FullName;
    private readonly TestCertificates _certificates = TestCertificates.Create();

    public void Dispose()
    {
        _certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("websub.conf", "")]
    [InlineData("websub-below-a-path.conf", "/push")]
    public async Task Example_InFrontOfAHub_PassesEverythingOn(string example, string path)
    {
        var port = FreePort.Next();
        var publicUrl = $"https://127.0.0.1:{port}{path}/hub";
        await using var sink = await CallbackSink.StartAsync();
        await using var hub = await HubProcess.StartAsync(
            HubProcess.Sqlite,
            ("WebSub:Hub:PublicUrl", publicUrl),
            ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"),
            ("WebSub:Administration:LocalCallers", "Never"),
            ("WebSub:Administration:ApiKeys:operator", Key)
        );
        await using var nginx = await StartAsync(example, port, hub.Origin);
        using var handler = new SocketsHttpHandler();
        _certificates.Trust(handler);
        using var http = new HttpClient(handler);
        var callback = sink.Expect("http://topics.example/", secret: "tides");

        var subscribed = await new HubClient(http).PostAsync(
            publicUrl,
            new HubFields()
                .Add(HubParameters.Mode, HubModes.Subscribe)
                .Add(HubParameters.Topic, callback.Topic)
                .Add(HubParameters.Callback, callback.Url)
                .Add(HubParameters.Secret, "tides")
        );
        await hub.VerifiedAsync(callback);
        using var refused = await http.GetAsync($"https://127.0.0.1:{port}{path}/api/v1/topics");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var stream = await http.GetStreamAsync($"{publicUrl}/events?topic={Uri.EscapeDataString(callback.Topic)}");
        using var content = new StringContent("through the proxy");
        using var published = await http.PostAsync(
            $"{publicUrl}?hub.mode=publish&hub.topic={Uri.EscapeDataString(callback.Topic)}",
            content
        );
        var deliveries = await callback.WaitForDeliveriesAsync(1);
        var streamed = await ReadDataAsync(stream);
        using var topics = await http.GetAsync($"https://127.0.0.1:{port}{path}/api/v1/topics");
        var welcome = await http.GetStringAsync($"https://127.0.0.1:{port}{path}/");

        Assert.Equal(202, subscribed.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, published.StatusCode);
        Assert.Contains($"<{publicUrl}>", deliveries[0].Header("Link"), StringComparison.Ordinal);
        Assert.Contains("through the proxy", streamed, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, topics.StatusCode);
        Assert.Contains("https://127.0.0.1", welcome, StringComparison.Ordinal);
    }

    /// <summary>The first example passes WebSockets on; the second does not, as many a proxy, and the page polls instead.</summary>
    [Theory]
    [InlineData("websub.conf", "", true)]
    [InlineData("websub-below-a-path.conf", "/push", false)]
    public async Task Dashboard_BehindTheExample_IsSignedInto_StaysLive_AndLeadsToItsPages(string example, string path, bool hasSockets)
    {
        await using var chromium = await Chromium.StartAsync();
        var port = FreePort.Next();
        var origin = $"https://127.0.0.1:{port}{path}";
        await using var sink = await CallbackSink.StartAsync();
        await using var hub = await HubProcess.StartAsync(
            HubProcess.Sqlite,
            ("WebSub:Hub:PublicUrl", origin + "/hub"),
            ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"),
            ("WebSub:Administration:LocalCallers", "Never"),
            ("WebSub:Administration:ApiKeys:operator", Key)
        );
        await using var nginx = await StartAsync(example, port, hub.Origin);
        await using var page = await chromium.OpenAsync();

        await page.GoToAsync(origin + "/dashboard/subscriptions?host=127.0.0.1");
        await page.TypeAsync("input[name=key]", Key);
        await page.Keyboard.PressAsync("Enter");
        await page.SeesAsync("h1", "Subscriptions");
        var arrived = page.Url;
        await page.IsLiveAsync();
        await page.SeesAsync("main", "No subscriptions match.");
        await hub.SubscribeAsync(sink, "http://topics.example/");
        await page.SeesAsync("td a", "http://127.0.0.1");
        await page.PressAsync("td a", "http://topics.example/");
        await page.SeesAsync("h1", "http://topics.example/");
        await page.PressAsync("button", "Pause");
        await page.SeesAsync("dl", "paused");

        Assert.Equal(origin + "/dashboard/subscriptions?host=127.0.0.1", arrived);
        Assert.StartsWith(origin + "/dashboard/topics/", page.Url, StringComparison.Ordinal);
        var polls = await page.EvaluateExpressionAsync<int>(
            "performance.getEntriesByType('resource').filter(e => e.name.includes('/_blazor?id=')).length"
        );
        Assert.Equal(hasSockets, polls == 0);
    }

    private static async Task<string> ReadDataAsync(Stream stream)
    {
        using var reader = new StreamReader(stream);
        using var deadline = new CancellationTokenSource(Deadline.Default);
        while (await reader.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal) && line.Contains("sequence", StringComparison.Ordinal))
                return line;
        }

        return "";
    }

    /// <summary>Starts nginx with the example as it is, but for addresses and certificates.</summary>
    private async Task<RunningProcess> StartAsync(string example, int port, string hub)
    {
        string[] places = ["/usr/sbin/nginx", Path.Combine(Repository.Root, ".tools", "nginx")];
        var program = Array.Find(places, File.Exists);
        Assert.SkipWhen(program is null, "nginx is not installed (looked for /usr/sbin/nginx and .tools/nginx).");
        var (_, certificate, key) = _certificates.Save(_folder);
        var text = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "nginx", example)))
            .Replace("127.0.0.1:5080", new Uri(hub).Authority, StringComparison.Ordinal)
            .Replace("listen 443 ssl", $"listen 127.0.0.1:{port} ssl", StringComparison.Ordinal)
            .Replace("$host;", "$http_host;", StringComparison.Ordinal)
            .Replace("/etc/letsencrypt/live/hub.example/fullchain.pem", certificate, StringComparison.Ordinal)
            .Replace("/etc/letsencrypt/live/hub.example/privkey.pem", key, StringComparison.Ordinal);
        if (!text.Contains("server {", StringComparison.Ordinal))
            text = $"server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key};\n{text}\n}}";
        var file = Path.Combine(_folder, "nginx.conf");
        await File.WriteAllTextAsync(
            file,
            $$"""
            daemon off;
            master_process off;
            pid {{_folder}}/pid;
            error_log stderr notice;
            events {}
            http {
            access_log off;
            client_body_temp_path {{_folder}}/body;
            proxy_temp_path {{_folder}}/proxy;
            fastcgi_temp_path {{_folder}}/fastcgi;
            uwsgi_temp_path {{_folder}}/uwsgi;
            scgi_temp_path {{_folder}}/scgi;
            {{text}}
            }
            """
        );
        var nginx = RunningProcess.Start(program!, ["-p", _folder, "-c", file, "-e", "stderr"], workingDirectory: _folder);
        await nginx.WaitForLineAsync("OS: ");
        return nginx;
    }
}
