using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace WebSub.HouseRules.Tests.LogEvents;

/// <summary>A log event, as the code has it or as the page has it.</summary>
/// <param name="Package">The package that writes it.</param>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Level">Its level.</param>
/// <param name="Text">Its text with names for the values.</param>
internal sealed partial record LogEvent(string Package, int Id, string Name, LogLevel Level, string Text)
{
    private const BindingFlags All =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>All events of the packages in src.</summary>
    public static IReadOnlyList<LogEvent> OfTheCode() =>
        [
            .. from project in Repository.FilesWith(".csproj")
            where Repository.Name(project).StartsWith("src/", StringComparison.Ordinal)
            let package = Path.GetFileNameWithoutExtension(project)
            from type in Assembly.Load(package).GetTypes()
            from method in type.GetMethods(All)
            let attribute = method.GetCustomAttribute<LoggerMessageAttribute>()
            where attribute is not null || type.FullName == "WebSub.Work.WorkLog"
            select attribute is null
                ? Written(package, method)
                : new LogEvent(package, attribute.EventId, attribute.EventName ?? method.Name, attribute.Level, attribute.Message),
        ];

    /// <summary>All events of the page: a heading for each package, and a table below it.</summary>
    public static IReadOnlyList<LogEvent> OfThePage(string page)
    {
        var events = new List<LogEvent>();
        var package = "";
        foreach (var line in page.Split('\n'))
        {
            if (Heading().Match(line) is { Success: true } heading)
                package = heading.Groups["package"].Value;
            else if (Row().Match(line) is { Success: true } row)
                events.Add(
                    new(
                        package,
                        int.Parse(row.Groups["id"].Value, CultureInfo.InvariantCulture),
                        row.Groups["name"].Value,
                        Enum.Parse<LogLevel>(row.Groups["level"].Value),
                        row.Groups["text"].Value.Replace(@"\|", "|", StringComparison.Ordinal)
                    )
                );
        }

        return events;
    }

    /// <summary>What a log method that is not generated writes when it is called.</summary>
    private static LogEvent Written(string package, MethodInfo method)
    {
        var logger = new LastEvent();

        method.Invoke(null, [.. method.GetParameters().Select(p => ValueFor(p.ParameterType, logger))]);

        return new(package, logger.Id.Id, logger.Id.Name!, logger.Level, logger.Text);
    }

    private static object? ValueFor(Type type, LastEvent logger) =>
        type == typeof(ILogger) ? logger
        : type.IsValueType ? Activator.CreateInstance(type)
        : null;

    [GeneratedRegex(@"^## (?<package>WebSub[\w.]*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex(
        @"^\| <a id=""[a-z]+-(?<id>\d+)""></a>\k<id> \| `(?<name>\w+)` \| (?<level>\w+) \| (?<text>.+?) \| (?<meaning>[^|]+) \|$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Row();
}
