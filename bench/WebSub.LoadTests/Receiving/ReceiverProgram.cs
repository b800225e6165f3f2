using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using WebSub.LoadTests.Processes;

namespace WebSub.LoadTests.Receiving;

/// <summary>
/// The receiver as a program: prints its addresses, then executes commands line by line, with one line of answer each. It ends with its
/// input, however the driver ended.
/// </summary>
internal static class ReceiverProgram
{
    public const int MaxCallbacks = 1 << 21;

    /// <param name="origins">How many origins it has.</param>
    /// <param name="authority">
    /// The file for the certificate of a private authority: every origin is then a host of its own, on TLS. Null means plain HTTP on a port
    /// each.
    /// </param>
    public static async Task<int> RunAsync(int origins, string? authority = null)
    {
        var receiver = new Receiver();
        using var issuer = authority is null ? null : PrivateAuthority.Create(authority);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                // What is not read yet shall wait in the sender, not here.
                kestrel.Limits.MaxRequestBufferSize = 64 * 1024;
                kestrel.Limits.MinResponseDataRate = null;
                if (issuer is not null)
                    kestrel.Listen(IPAddress.Any, 0, listen => listen.UseHttps(OnTls(issuer)));
                for (var i = 0; i < origins && issuer is null; i++)
                    kestrel.Listen(IPAddress.Loopback, 0);
            });
        await using var app = builder.Build();
        app.Run(receiver.HandleAsync);
        await app.StartAsync();

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        await Console.Out.WriteLineAsync(string.Join(' ', issuer is null ? addresses : HostsOf(origins, new Uri(addresses.Single()).Port)));
        while (await Console.In.ReadLineAsync() is { } command)
            await Console.Out.WriteLineAsync(await AnswerAsync(receiver, command.Split(' ')));
        return 0;
    }

    private static HttpsConnectionAdapterOptions OnTls(PrivateAuthority issuer) =>
        new() { ServerCertificateSelector = (connection, _) => issuer.CertificateOf(((IPEndPoint)connection!.LocalEndPoint!).Address) };

    /// <summary>Every address of 127.0.0.0/8 leads to this machine.</summary>
    private static IEnumerable<string> HostsOf(int count, int port) =>
        Enumerable.Range(0, count).Select(i => $"https://127.1.{i / 250}.{1 + (i % 250)}:{port}");

    private static async Task<string> AnswerAsync(Receiver receiver, string[] command)
    {
        switch (command)
        {
            case ["expect", var count]:
                receiver.Tally.Expect(int.Parse(count));
                return "expecting";
            case ["wait", var seconds]:
                return JsonSerializer.Serialize(await receiver.Tally.WaitAsync(TimeSpan.FromSeconds(int.Parse(seconds))));
            case ["count"]:
                return $"{receiver.Tally.Count}";
            case ["record"]:
                receiver.Tally.Record();
                return "recording";
            case ["arrivals"]:
                return JsonSerializer.Serialize(receiver.Tally.Arrivals());
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
