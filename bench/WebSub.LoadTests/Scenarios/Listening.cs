using System.Diagnostics;
using System.Net;
using WebSub.Http;
using WebSub.Hub;
using WebSub.Hub.Administration;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.LoadTests.Results;
using WebSub.Storage;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// What it costs to listen to the hub's own instruments, as the overview does: fan-out with and without the listener, update by update in
/// turns, in one process with the subscribers.
/// </summary>
internal static class Listening
{
    private const int Subscribers = 2_000;
    private const int UpdatesOfEach = 5;
    private const string Topic = "http://publisher.example/listening";
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run)
    {
        run.Say($"listening on {Storage.Sqlite}: {Subscribers:n0} subscribers, with and without a listener");
        var folder = Directory.CreateTempSubdirectory("websub-listening-");
        try
        {
            var arrivals = new Arrivals();
            await using var app = await StartAsync(folder.FullName, arrivals, run.CancellationToken);
            await SubscribeAsync(app, run.CancellationToken);
            var (with, without) = (new List<double>(), new List<double>());
            for (var round = -run.WarmUps; round < run.Rounds; round++)
            {
                var (first, second) = await MeasureAsync(app, arrivals, run.CancellationToken);
                if (round < 0)
                    continue;
                with.Add(first);
                without.Add(second);
                run.Say($"  with {first:n0}, without {second:n0} deliveries/s");
            }

            return [new Measurement("listening", Storage.Sqlite, "deliveries/s", Target.RatioAtLeast(0.95)).With(with, without)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Deliveries per second with the listener, and without it.</summary>
    private static async Task<(double With, double Without)> MeasureAsync(
        WebApplication app,
        Arrivals arrivals,
        CancellationToken cancellationToken
    )
    {
        var (with, without) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < UpdatesOfEach; i++)
        {
            using (new DeliveryPulse(app.Services.GetRequiredService<HubMetrics>(), app.Services.GetRequiredService<HubClock>()))
                with += await DeliverAsync(app, arrivals, cancellationToken);
            without += await DeliverAsync(app, arrivals, cancellationToken);
        }

        return (Rate(with), Rate(without));
    }

    private static double Rate(TimeSpan time) => UpdatesOfEach * Subscribers / time.TotalSeconds;

    private static async Task<TimeSpan> DeliverAsync(WebApplication app, Arrivals arrivals, CancellationToken cancellationToken)
    {
        var all = arrivals.ExpectAsync(Subscribers);
        var start = Stopwatch.GetTimestamp();
        await app
            .Services.GetRequiredService<IWebSubHub>()
            .PublishAsync(Topic, Updates.Content(arrivals.Rounds), Updates.ContentType, cancellationToken);
        await all.WaitAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task<WebApplication> StartAsync(string folder, Arrivals arrivals, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Configuration["ConnectionStrings:WebSub"] = $"Data Source={folder}/hub.db";
        builder.Configuration["WebSub:Outbound:AllowPrivateNetworks"] = "true";
        builder.Configuration["WebSub:Hub:Verification:PerHostPerMinute"] = "1000000";
        builder.Services.AddWebSubHub();
        var app = builder.Build();
        app.MapWebSubHub("/hub");
        app.MapGet("/callbacks/{number}", (HttpContext context) => TypedResults.Text(context.Request.Query["hub.challenge"].ToString()));
        app.MapPost("/callbacks/{number}", arrivals.Add);
        await app.StartAsync(cancellationToken);
        // The hub's own listens no more.
        app.Services.GetRequiredService<DeliveryPulse>().Dispose();
        return app;
    }

    private static async Task SubscribeAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var origin = app.Urls.First();
        using var client = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Subscribers),
            cancellationToken,
            async (number, token) =>
            {
                using var form = new FormUrlEncodedContent([
                    new("hub.mode", "subscribe"),
                    new("hub.topic", Topic),
                    new("hub.callback", $"{origin}/callbacks/{number}"),
                    new("hub.secret", Updates.SecretOf(number)),
                ]);
                using var answer = await client.PostAsync(new Uri($"{origin}/hub"), form, token);
                answer.EnsureSuccessStatusCode();
            }
        );
        var (store, clock) = (app.Services.GetRequiredService<StateStore>(), app.Services.GetRequiredService<HubClock>());
        while ((await store.ReadAsync(DatabaseTime.Now(clock), cancellationToken)).Subscriptions < Subscribers)
            await Task.Delay(LookAgain, TimeProvider.System, cancellationToken);
    }

    /// <summary>Counts deliveries.</summary>
    private sealed class Arrivals
    {
        private TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _missing;

        /// <summary>How many updates were expected so far.</summary>
        public int Rounds { get; private set; }

        public Task ExpectAsync(int count)
        {
            Rounds++;
            _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _missing, count);
            return _all.Task;
        }

        public IResult Add()
        {
            if (Interlocked.Decrement(ref _missing) == 0)
                _all.TrySetResult();
            return TypedResults.Ok();
        }
    }
}
