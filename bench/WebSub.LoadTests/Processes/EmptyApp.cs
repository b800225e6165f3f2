using System.Net;

namespace WebSub.LoadTests.Processes;

/// <summary>The least that a web app is: it serves one word. Prints its address; ends with its input.</summary>
internal static class EmptyApp
{
    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapGet("/", () => "Hello");
        await app.StartAsync();
        await Console.Out.WriteLineAsync(app.Urls.First());
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
