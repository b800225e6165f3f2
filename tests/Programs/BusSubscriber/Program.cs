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
        bus.ListenToRabbitQueue("news", Queue(consumer)).ProcessInline();
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
        bus.PublishMessage<WebSubNotificationReceived>().ToRabbitQueue("news", Queue(web));
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
    var nodes = builder.Configuration["RabbitMq"]!.Split(',').Select(n => new Uri(n)).ToList();
    var broker = bus.UseRabbitMq(nodes[0])
        .AutoProvision()
        .UseQuorumQueues()
        .ConfigureChannelCreation(channel =>
        {
            // A message leaves the outbox when the broker has it, not when it has left this process.
            channel.PublisherConfirmationsEnabled = true;
            channel.PublisherConfirmationTrackingEnabled = true;
        });
    foreach (var node in nodes.Skip(1))
        broker.AddClusterNode(node.Host, node.Port);
}

// Of a queue with a single active consumer the broker gives messages to one consumer at a time, in order; the next one takes over after it.
static Action<IRabbitMqQueue>? Queue(IHostApplicationBuilder builder) =>
    builder.Configuration["SingleActiveConsumer"] is null ? null : queue => queue.Arguments["x-single-active-consumer"] = true;
