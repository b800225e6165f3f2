using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Threading.Channels;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Http;
using WebSub.Publisher;
using WebSub.Signatures;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

/// <summary>Subscriber, hub and publisher inside an app that has its own ideas about every request.</summary>
public sealed class EmbeddingTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AppWithMvcFallbackPolicyAntiforgeryAndDecompression_AllThreeParts_WorkAndNothingElseIsOpened()
    {
        var arrived = Channel.CreateUnbounded<WebSubNotification>();
        var (builder, url) = Host();
        builder.Configuration["WebSub:Hub:PublicUrl"] = url + "/hub";
        builder.Configuration["WebSub:Hub:Publishing:Policy"] = "Open";
        builder.Configuration["ConnectionStrings:WebSub"] = TestFiles.NewDatabase();
        builder.Services.AddControllers().AddApplicationPart(typeof(EmbeddingTests).Assembly);
        builder.Services.AddAuthentication("none").AddScheme<AuthenticationSchemeOptions, Nobody>("none", null);
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        builder.Services.AddAntiforgery().AddRequestDecompression();
        builder.Services.AddWebSubHub();
        builder.Services.AddWebSubPublisher(o => o.Hubs.Add(url + "/hub"));
        builder
            .Services.AddWebSubSubscriber(o => o.PublicUrl = new(url))
            .AddHandler("news", (n, cancel) => arrived.Writer.WriteAsync(n, cancel).AsTask());
        var verified = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        builder.Services.AddSingleton<IWebSubEvents>(new Verified(verified));
        await using var app = builder.Build();
        app.UseRequestDecompression();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapControllers();
        app.MapGet("/feed", () => "the feed").AllowAnonymous().WithWebSubLinks();
        app.MapGet("/private", () => "secret");
        app.MapWebSubCallbacks();
        app.MapWebSubHub();
        await app.StartAsync();
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        var subscriptions = app.Services.GetRequiredService<IWebSubSubscriptions>();
        var subscription = await subscriptions.SubscribeAsync(url + "/feed", "news", new() { Secret = "s3cret" });
        await verified.Task.WaitAsync(Deadline, TimeProvider.System);
        await app.Services.GetRequiredService<IWebSubPublisher>().PublishAsync([url + "/feed"]);
        var published = await arrived.Reader.ReadAsync().AsTask().WaitAsync(Deadline, TimeProvider.System);
        var callback = new Uri((await FirstAsync(subscriptions)).CallbackUrl!);
        using var packed = Gzip("packed");
        using var delivery = new HttpRequestMessage(HttpMethod.Post, callback) { Content = packed };
        var wire = await packed.ReadAsByteArrayAsync();
        delivery.Headers.Add("X-Hub-Signature", HubSignature.Compute(SignatureMethod.Sha256, "s3cret"u8, wire));
        var compressed = await http.SendAsync(delivery);
        var unpacked = await arrived.Reader.ReadAsync().AsTask().WaitAsync(Deadline, TimeProvider.System);

        Assert.Equal(("the feed", url + "/feed"), (published.Text, published.Topic));
        Assert.Equal((HttpStatusCode.OK, "packed"), (compressed.StatusCode, unpacked.Text));
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri(url + "/private"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri(url + "/mvc"))).StatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await http.GetAsync(new Uri(url + "/websub/news/0123?hub.mode=subscribe&hub.topic=t&hub.challenge=c"))).StatusCode
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delivery_CompressedAndBrokenOff_IsNoContent_WhetherTheAppDecompressesOrNot(bool decompresses)
    {
        await using var hub = await FakeHub.StartAsync();
        var arrived = Channel.CreateUnbounded<WebSubNotification>();
        var (builder, url) = Host();
        builder.Services.AddRequestDecompression();
        builder
            .Services.AddWebSubSubscriber(o => o.PublicUrl = new(url))
            .AddHandler("news", (n, cancel) => arrived.Writer.WriteAsync(n, cancel).AsTask());
        await using var app = builder.Build();
        if (decompresses)
            app.UseRequestDecompression();
        app.MapWebSubCallbacks();
        await app.StartAsync();
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        await app
            .Services.GetRequiredService<IWebSubSubscriptions>()
            .SubscribeAsync(WebSubTarget.Topic("t", hub.Url), "news", new() { Secret = "s3cret" });
        var request = await hub.NextRequestAsync();
        await hub.VerifyAsync(request);
        using var whole = Gzip("the whole content");
        using var part = new ByteArrayContent((await whole.ReadAsByteArrayAsync())[..^3]) { Headers = { { "Content-Encoding", "gzip" } } };

        await DeliverAsync(part);
        var broken = await arrived.Reader.ReadAsync().AsTask().WaitAsync(Deadline, TimeProvider.System);
        await DeliverAsync(whole);
        var read = await arrived.Reader.ReadAsync().AsTask().WaitAsync(Deadline, TimeProvider.System);

        Assert.Throws<InvalidDataException>(() => broken.Text);
        Assert.Equal("the whole content", read.Text);

        async Task DeliverAsync(HttpContent content)
        {
            using var delivery = new HttpRequestMessage(HttpMethod.Post, new Uri(request.Callback)) { Content = content };
            var wire = await content.ReadAsByteArrayAsync();
            delivery.Headers.Add("X-Hub-Signature", HubSignature.Compute(SignatureMethod.Sha256, "s3cret"u8, wire));
            using var response = await http.SendAsync(delivery);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task AppBehindAProxyWithPathBaseGroupHostAndHttpsRedirection_Callbacks_AreReachedAndNothingElseBelievesTheHeaders()
    {
        await using var hub = await FakeHub.StartAsync();
        var (builder, url) = Host();
        builder.Services.AddHttpsRedirection(o => o.HttpsPort = 443);
        builder
            .Services.AddWebSubSubscriber(o =>
            {
                o.PublicUrl = new(url + "/base/group");
                o.TrustForwardedHeaders = true;
            })
            .AddHandler("news", (_, _) => Task.CompletedTask);
        await using var app = builder.Build();
        app.UsePathBase("/base");
        app.UseHttpsRedirection();
        app.UseRouting();
        app.MapGet("/other", () => "other");
        app.MapGroup("/group").RequireHost("hooks.example").MapWebSubCallbacks();
        await app.StartAsync();
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        await app.Services.GetRequiredService<IWebSubSubscriptions>().SubscribeAsync(WebSubTarget.Topic("t", hub.Url), "news");
        var request = await hub.NextRequestAsync();
        var question = request.Callback + "?hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=1000";
        var direct = await http.GetAsync(new Uri(question));
        var confirmed = await ForwardedAsync(http, question, "hooks.example");
        var otherHost = await ForwardedAsync(http, question, "evil.example");
        var other = await ForwardedAsync(http, url + "/base/other", "hooks.example");

        Assert.StartsWith(url + "/base/group/websub/news/", request.Callback, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "c"), (confirmed.StatusCode, await confirmed.Content.ReadAsStringAsync()));
        Assert.Equal(HttpStatusCode.TemporaryRedirect, direct.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, otherHost.StatusCode);
        Assert.Equal(HttpStatusCode.TemporaryRedirect, other.StatusCode);
    }

    [Fact]
    [Trait("Req", "S24")]
    public async Task AppThatRedirectsErrors_CallbacksNeverRedirect()
    {
        await using var hub = await FakeHub.StartAsync();
        var (builder, url) = Host();
        builder.Configuration["WebSub:Subscriber:MaxBodyBytes"] = "10";
        builder
            .Services.AddWebSubSubscriber(o => o.PublicUrl = new(url))
            .AddHandler("news", (_, _) => ValueTask.FromResult(WebSubReply.Gone));
        await using var app = builder.Build();
        app.UseStatusCodePagesWithRedirects("/oops");
        app.MapWebSubCallbacks();
        await app.StartAsync();
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        await app.Services.GetRequiredService<IWebSubSubscriptions>().SubscribeAsync(WebSubTarget.Topic("t", hub.Url), "news");
        var request = await hub.NextRequestAsync();
        var malformed = await hub.AskAsync(request.Callback, new());
        var verified = await hub.VerifyAsync(request);
        var unsigned = await hub.DeliverAsync(request, (FakeDelivery)"x" with { Secret = "" });
        var large = await hub.DeliverAsync(request, "more than ten");
        var gone = await hub.DeliverAsync(request, "news");
        var after = await hub.DeliverAsync(request, "news");
        var unknown = await http.GetAsync(new Uri(url + "/websub/news/00?hub.mode=subscribe&hub.topic=t&hub.challenge=c"));
        var elsewhere = await http.GetAsync(new Uri(url + "/elsewhere"));

        Assert.Equal(
            [400, 200, 403, 413, 410, 410, 404],
            new[] { malformed, verified, unsigned, large, gone, after }.Select(a => a.Status).Append((int)unknown.StatusCode)
        );
        Assert.Equal(HttpStatusCode.Redirect, elsewhere.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AppThatForgetsItsCallbacks_IsWarned(bool maps)
    {
        using var log = new LogCollector();
        var (builder, url) = Host();
        builder.Logging.AddProvider(log);
        builder.Services.AddWebSubSubscriber(o => o.PublicUrl = new(url)).AddHandler("news", (_, _) => Task.CompletedTask);
        await using var app = builder.Build();
        if (maps)
            app.MapWebSubCallbacks();
        await app.StartAsync();

        Assert.Equal(!maps, log.Lines.Any(l => l.Id == 4105 && l.Text.Contains("app.MapWebSubCallbacks()", StringComparison.Ordinal)));
    }

    private static (WebApplicationBuilder Builder, string Url) Host()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new TestOutputLogger());
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port));
        builder.WebHost.UseSockets(s => s.CreateBoundListenSocket = _ => socket);
        builder.Configuration["WebSub:Outbound:AllowPrivateNetworks"] = "true";
        builder.Configuration["ConnectionStrings:WebSubSubscriber"] = TestFiles.NewDatabase();
        return (builder, $"http://127.0.0.1:{port}");
    }

    private static async Task<HttpResponseMessage> ForwardedAsync(HttpClient http, string url, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", host);
        return await http.SendAsync(request);
    }

    private static ByteArrayContent Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return new(packed.ToArray()) { Headers = { { "Content-Encoding", "gzip" }, { "Content-Type", "text/plain" } } };
    }

    private static async Task<WebSubSubscription> FirstAsync(IWebSubSubscriptions subscriptions)
    {
        await foreach (var s in subscriptions.ListAsync())
            return s;
        throw new InvalidOperationException("There is none.");
    }

    private sealed class Verified(TaskCompletionSource verified) : IWebSubEvents
    {
        public Task OnChangedAsync(WebSubSubscriptionChange change, CancellationToken cancellationToken)
        {
            if (change.Kind == WebSubChangeKind.Verified)
                verified.TrySetResult();
            return Task.CompletedTask;
        }
    }

    private sealed class Nobody(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }
}

/// <summary>A controller of the app.</summary>
[ApiController]
#pragma warning disable MA0048 // It belongs to the test above.
public sealed class PrivateController : ControllerBase
#pragma warning restore MA0048
{
    [HttpGet("/mvc")]
    public ActionResult<string> Get() => Ok("secret");
}
