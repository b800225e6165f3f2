using WebSub.Http;

// A subscriber that a test kills: its handler reports each notification to the test and is done once the test has answered.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
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
var app = builder.Build();
app.MapWebSubCallbacks();
app.Run();
