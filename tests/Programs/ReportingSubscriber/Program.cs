using WebSub.Http;
using WebSub.Subscriber;

// A subscriber that a test kills: its handler reports each notification to the test and is done once the test has answered. With the role
// Workers it has no web server.
if (new ConfigurationBuilder().AddCommandLine(args).Build()["WebSub:Subscriber:Role"] == "Workers")
{
    var worker = Host.CreateApplicationBuilder(
        new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory }
    );
    AddReports(worker);
    worker.Build().Run();
}
else
{
    var web = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    AddReports(web);
    var app = web.Build();
    app.MapWebSubCallbacks();
    app.Run();
}

static void AddReports(IHostApplicationBuilder builder)
{
    var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
    var report = new Uri(builder.Configuration["Report"]!);
    builder
        .Services.AddWebSubSubscriber()
        .AddHandler(
            "news",
            async (notification, cancellationToken) =>
            {
                using var content = new StringContent($"{Environment.ProcessId} {notification.Text}");
                using var answer = await http.PostAsync(report, content, cancellationToken);
                answer.EnsureSuccessStatusCode();
            }
        );
}
