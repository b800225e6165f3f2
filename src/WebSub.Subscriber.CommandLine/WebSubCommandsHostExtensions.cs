using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Subscriber.CommandLine;
using WebSub.Subscriber.CommandLine.Terminal;

namespace Microsoft.Extensions.Hosting;

/// <summary>Gives an app with a WebSub subscriber its management commands.</summary>
public static class WebSubCommandsHostExtensions
{
    /// <summary>
    /// Runs a management command if the app was started with <c>websub …</c> (<c>dotnet run -- websub list</c>), beside the running app if
    /// there is one; else runs the app like <c>Run</c>. Settings may be given to either as <c>--Section:Name value</c>, to a command before
    /// its own options.
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
            var console = CommandConsole.OfTheProcess();
            if (CommandArguments.NotInEffect(args, host.Services.GetRequiredService<IConfiguration>()) is not { } lost)
                return await CommandRunner.RunAsync(host.Services, command, console);
            console.Complain(
                $"The setting {lost} is not in effect: write settings before the command (websub --{lost} … {string.Join(' ', command)}), "
                    + "and have the app pass its arguments to its builder."
            );
            return ExitCode.BadUsage;
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
