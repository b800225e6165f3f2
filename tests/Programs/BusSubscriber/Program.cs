using BusSubscriber;
using WebSub.Http;
using WebSub.Subscriber.Wolverine;
using Wolverine;
using Wolverine.Postgresql;
using Wolverine.RabbitMQ;

// A subscriber that puts its notifications on RabbitMQ, or, with Consumer=true, a process that takes them from there and knows nothing of
// WebSub but the message. A test kills both, and the broker.
if (args is ["--Consumer=true", ..])
{
    var consumer = Host.CreateApplicationBuilder(
        new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory }
    );
    var report = new Uri(consumer.Configuration["Report"]!);
    consumer.Services.AddSingleton(_ => new Reporter(
        OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true }),
        report
    ));
    consumer.UseWolverine(bus =>
    {
        Connect(bus, consumer);
        bus.Discovery.DisableConventionalDiscovery().IncludeType<NewsConsumer>();
        bus.ListenToRabbitQueue("news").ProcessInline();
    });
    consumer.Build().Run();
}
else
{
    var web = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    web.UseWolverine(bus =>
    {
        bus.Discovery.DisableConventionalDiscovery();
        if (web.Configuration["RabbitMq"] is null)
        {
            // As an app has it that forgot about durability.
            bus.UseRuntimeCompilation();
            bus.PublishMessage<WebSubNotificationReceived>().ToLocalQueue("news");
            return;
        }

        Connect(bus, web);
        bus.PersistMessagesWithPostgresql(web.Configuration["ConnectionStrings:WebSubSubscriber"]!, "bus");
        bus.Policies.UseDurableOutboxOnAllSendingEndpoints();
        bus.PublishMessage<WebSubNotificationReceived>().ToRabbitQueue("news");
    });
    web.Services.AddWebSubSubscriber().AddWolverineHandler("news", o => o.MaxBodyBytes = 1000);
    var app = web.Build();
    app.MapWebSubCallbacks();
    app.Run();
}

static void Connect(WolverineOptions bus, IHostApplicationBuilder builder)
{
    bus.UseRuntimeCompilation();
    // There is one process of each kind that sends, so what it left unsent is its own when it starts again.
    bus.Durability.Mode = DurabilityMode.Solo;
    bus.UseRabbitMq(new Uri(builder.Configuration["RabbitMq"]!)).AutoProvision().UseQuorumQueues();
}
