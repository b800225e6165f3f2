using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace WebSub.LoadTests.Receiving;

/// <summary>
/// The receiver as a program: prints its addresses, then executes commands line by line, with one line of answer each. It ends with its
/// input, however the driver ended.
/// </summary>
internal static class ReceiverProgram
{
    public const int MaxCallbacks = 1 << 18;

    public static async Task<int> RunAsync(int origins)
    {
        var receiver = new Receiver();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                // What is not read yet shall wait in the sender, not here.
                kestrel.Limits.MaxRequestBufferSize = 64 * 1024;
                kestrel.Limits.MinResponseDataRate = null;
                for (var i = 0; i < origins; i++)
                    kestrel.Listen(IPAddress.Loopback, 0);
            });
        await using var app = builder.Build();
        app.Run(receiver.HandleAsync);
        await app.StartAsync();

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        await Console.Out.WriteLineAsync(string.Join(' ', addresses));
        while (await Console.In.ReadLineAsync() is { } command)
            await Console.Out.WriteLineAsync(await AnswerAsync(receiver, command.Split(' ')));
        return 0;
    }

    private static async Task<string> AnswerAsync(Receiver receiver, string[] command)
    {
        switch (command)
        {
            case ["expect", var count]:
                receiver.Tally.Expect(int.Parse(count));
                return "expecting";
            case ["wait", var seconds]:
                return JsonSerializer.Serialize(await receiver.Tally.WaitAsync(TimeSpan.FromSeconds(int.Parse(seconds))));
            case ["challenges"]:
                return $"{receiver.Challenges}";
            case ["held"]:
                return $"{receiver.Held}";
            case ["release"]:
                return $"{receiver.Release()}";
            default:
                throw new ArgumentException($"The receiver does not know the command {command[0]}.", nameof(command));
        }
    }
}
