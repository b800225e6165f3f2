using WebSub.Subscriber;
using Workers;

// One program, three processes: a web node that answers hubs, and two workers without a web server. Without a role it starts the three.
var settings = new ConfigurationBuilder().AddCommandLine(args).AddEnvironmentVariables().Build();
if (settings["WebSub:Subscriber:Role"] is not { } role)
    return await Nodes.RunAsync(args, settings);

if (Enum.Parse<WebSubSubscriberRole>(role) == WebSubSubscriberRole.Workers)
{
    var worker = Host.CreateApplicationBuilder(
        new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory }
    );
    AddSubscriber(worker);
    await worker.Build().RunAsync();
}
else
{
    var web = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    AddSubscriber(web);
    var app = web.Build();
    app.MapWebSubCallbacks();
    await app.RunAsync();
}

return 0;

// The same in every process: the web node knows the handler's name, a worker runs it.
static void AddSubscriber(IHostApplicationBuilder builder) =>
    builder.Services.AddWebSubSubscriber().AddHandler<SlowHandler>("news").AddSubscription(builder.Configuration["Feed"]!, handler: "news");
