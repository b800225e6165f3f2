using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using WebSub.Hub.Configuration;
using WebSub.Hub.Startup;
using WebSub.Storage;

namespace WebSub.Server;

/// <summary>The hub as a program: composition, and errors that an operator can read.</summary>
public static class HubServer
{
    private const string DefaultUrl = "http://localhost:5080";

    /// <summary>The names of all settings of the hub, for example <c>WebSub:Hub:PublicUrl</c>.</summary>
    public static IReadOnlyList<string> Settings { get; } = [.. HubSettings.Table.Settings.Select(s => s.Name)];

    /// <summary>
    /// Runs until stopped, or does what the first word says: <c>check</c>, <c>--help</c>, <c>--version</c>. Returns the exit code: 0
    /// stopped, 1 failed, 2 wrong settings.
    /// </summary>
    /// <param name="args">Settings, for example <c>--urls http://localhost:8080 --WebSub:Hub:PublicUrl https://hub.example/hub</c>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        switch (args)
        {
            case ["--help" or "-h" or "-?" or "help", ..]:
                await Console.Out.WriteLineAsync(ServerHelp.Text);
                return 0;
            case ["--version"]:
                await Console.Out.WriteLineAsync(ServerHelp.Version);
                return 0;
            case ["check", .. var settings]:
                return await ReportAsync(() => CheckAsync(settings)) == 0 ? 0 : 1;
            case [var word, ..] when word.Length > 0 && word[0] is not ('-' or '/') && !word.Contains('=', StringComparison.Ordinal):
                return await FailAsync(2, [$"There is no command \"{word}\"; --help shows what there is."]);
            default:
                return await ReportAsync(() => ServeAsync(args));
        }
    }

    private static async Task ServeAsync(string[] args)
    {
        await using var app = Build(args);
        await app.RunAsync();
    }

    private static async Task CheckAsync(string[] args)
    {
        await using var app = Build(args);
        foreach (var url in ListeningUrls(app.Configuration))
            app.Urls.Add(url);
        foreach (var line in await HubCheck.RunAsync(app.Services, CancellationToken.None))
            await Console.Out.WriteLineAsync(line);
    }

    // As the server reads them when it starts.
    private static IEnumerable<string> ListeningUrls(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>().ToList();
        if (endpoints.Count > 0)
            return endpoints;
        return configuration["urls"] is { Length: > 0 } urls
            ? urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : (configuration["http_ports"] ?? "")
                .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(port => $"http://*:{port}");
    }

    /// <summary>Runs something to its end and puts every failure into words.</summary>
    private static async Task<int> ReportAsync(Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (OptionsValidationException e)
        {
            return await FailAsync(2, ["The settings have faults:", .. e.Failures.Select(f => "  " + f)]);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            // The inner exception says what is wrong with the settings file.
            return await FailAsync(2, [e.InnerException is null ? e.Message : $"{Sentence(e.Message)} {e.InnerException.Message}"]);
        }
        catch (DatabaseException e)
        {
            return await FailAsync(1, [e.Message]);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return await FailAsync(
                1,
                [$"{e.Message.TrimEnd('.')}. Stop what listens there, or choose another address with --urls http://localhost:PORT."]
            );
        }
        catch (SocketException e)
        {
            return await FailAsync(1, [$"The server cannot listen where --urls says: {e.Message}."]);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            return await FailAsync(1, [e.Message]);
        }
    }

    private static WebApplication Build(string[] args)
    {
        // Settings are read once, at startup. Watching for changes would cover the whole working folder, where the database is by default:
        // each write would raise an event.
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
                ApplicationName = typeof(HubServer).Assembly.GetName().Name,
            }
        );
        CheckPorts(builder.Configuration["urls"]);
        if (
            string.IsNullOrEmpty(builder.Configuration["urls"])
            && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists()
            && string.IsNullOrEmpty(builder.Configuration["http_ports"])
        )
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        // Tells systemd when it is ready (Type=notify); nothing elsewhere.
        builder.Services.AddSystemd();
        // Another format, such as json, can be configured.
        if (builder.Configuration["Logging:Console:FormatterName"] is null)
        {
            builder.Logging.AddSimpleConsole(o =>
            {
                o.SingleLine = true;
                o.TimestampFormat = "HH:mm:ss ";
            });
        }

        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        // A failure at startup is reported once, by us, in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.WebHost.ConfigureKestrel(k => k.AddServerHeader = false);
        builder.Services.AddWebSubHub().AddDashboard();
        builder.Services.AddHostedService<MemoryTrim>();
        builder.Services.AddHealthChecks().AddWebSubHub();
        builder.Services.AddProblemDetails();
        SharedKeys.Add(builder);
        Telemetry.Add(builder);
        BearerTokens.Add(builder);
        ApiPage.Add(builder);

        var app = builder.Build();
        // Text that repeats what strangers wrote is no page, whichever endpoint answers.
        app.Use(
            (context, next) =>
            {
                context.Response.Headers.XContentTypeOptions = "nosniff";
                return next(context);
            }
        );
        // Paths and methods that the API does not have get problem details, as all that it refuses does.
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal), api => api.UseStatusCodePages());
        OperatorPages.Guard(app);
        app.MapWebSubHub();
        app.MapWebSubPredicates();
        app.MapWebSubAdministration();
        app.MapWebSubHubDashboard();
        ApiPage.Map(app);
        app.MapGet(
                "/",
                (HttpContext context) =>
                    TypedResults.Text(Welcome.Text($"{context.Request.Scheme}://{context.Request.Host}"), "text/plain; charset=utf-8")
            )
            .ExcludeFromDescription();
        Telemetry.Map(app);
        Readiness.Map(app);
        return app;
    }

    // Kestrel reports an impossible port by the name of a parameter.
    private static void CheckPorts(string? urls)
    {
        foreach (var url in (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (BindingAddress.Parse(url).Port > IPEndPoint.MaxPort)
                throw new FormatException($"The address {url} has a port above {IPEndPoint.MaxPort}.");
        }
    }

    private static async Task<int> FailAsync(int exitCode, IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
            await Console.Error.WriteLineAsync(lines.Count == 1 ? Sentence(line) : line);
        return exitCode;
    }

    private static string Sentence(string text) => text.TrimEnd('.', ' ').ReplaceLineEndings(" ") + ".";
}
