using WebSub.Subscriber.CommandLine;
using WebSub.Subscriber.CommandLine.Terminal;

namespace Microsoft.Extensions.Hosting;

/// <summary>Gives an app with a WebSub subscriber its management commands.</summary>
public static class WebSubCommandsHostExtensions
{
    /// <summary>
    /// Runs a management command if the app was started with <c>websub …</c> (<c>dotnet run -- websub list</c>), beside the running app if
    /// there is one; else runs the app like <c>Run</c>. Settings may be given to either as <c>--Section:Name value</c>.
    /// </summary>
    /// <param name="host">The app, with everything added and mapped.</param>
    /// <param name="args">The arguments of the program.</param>
    /// <returns>The program's exit code: 0 done, 1 failed, 2 bad usage.</returns>
    public static async Task<int> RunWithWebSubCommandsAsync(this IHost host, string[] args)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(args);
        if (CommandArguments.Of(args) is not { } command)
        {
            await host.RunAsync();
            return ExitCode.Done;
        }

        try
        {
            return await CommandRunner.RunAsync(host.Services, command, CommandConsole.OfTheProcess());
        }
        finally
        {
            if (host is IAsyncDisposable disposable)
                await disposable.DisposeAsync();
            else
                host.Dispose();
        }
    }
}
