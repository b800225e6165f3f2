using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using WebSub.Signatures;

namespace WebSub.LoadTests.Receiving;

/// <summary>
/// The limit of intake as a program: an endpoint that checks a signature, appends the body to a file and answers once it is on the disk.
/// Prints its address; ends with its input.
/// </summary>
internal static class BareIntakeProgram
{
    /// <summary>The secret that bodies are signed with.</summary>
    public const string Secret = "the secret of all publishers";

    public static async Task<int> RunAsync(string path)
    {
        await using var file = new GroupedFile(path);
        var secret = Encoding.UTF8.GetBytes(Secret);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Listen(IPAddress.Loopback, 0);
            });
        await using var app = builder.Build();
        app.Run(async context =>
        {
            var body = new byte[(int)context.Request.ContentLength!.Value];
            await context.Request.Body.ReadExactlyAsync(body);
            var verdict = HubSignature.Verify(context.Request.Headers["X-Hub-Signature"], secret, body);
            if (verdict == SignatureVerdict.Valid)
                await file.AppendAsync(body);
            context.Response.StatusCode =
                verdict == SignatureVerdict.Valid ? StatusCodes.Status202Accepted : StatusCodes.Status403Forbidden;
        });
        await app.StartAsync();
        await Console.Out.WriteLineAsync(
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
        );
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
