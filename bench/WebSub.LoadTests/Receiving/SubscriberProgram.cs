using System.Net;
using WebSub.Subscriber;

namespace WebSub.LoadTests.Receiving;

/// <summary>
/// The subscriber library as a program, with its durable inbox and a handler that only counts. Prints the callback; each further line of
/// input is answered with the number of updates handled so far; ends with its input.
/// </summary>
internal static class SubscriberProgram
{
    public static async Task<int> RunAsync(string database)
    {
        var handled = 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Configuration["ConnectionStrings:WebSubSubscriber"] = database;
        builder.Configuration["WebSub:Subscriber:PublicUrl"] = "http://127.0.0.1";
        builder
            .Services.AddWebSubSubscriber()
            .AddHandler(
                "count",
                (_, _) =>
                {
                    Interlocked.Increment(ref handled);
                    return Task.CompletedTask;
                }
            )
            .AddCallback("count", "http://publisher.example/news", secret: BareIntakeProgram.Secret);
        await using var app = builder.Build();
        app.MapWebSubCallbacks();
        await app.StartAsync();
        await Console.Out.WriteLineAsync(app.Urls.First() + "/websub/count");
        while (await Console.In.ReadLineAsync() is not null)
            await Console.Out.WriteLineAsync($"{Volatile.Read(ref handled)}");
        return 0;
    }
}
