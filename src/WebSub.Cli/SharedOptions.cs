using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using WebSub.Cli.Help;
using WebSub.Http;
using WebSub.Settings;
using WebSub.Values;

namespace WebSub.Cli;

/// <summary>Options and arguments that several commands take; each checks its value while the command line is read.</summary>
internal static class SharedOptions
{
    /// <summary><c>--json</c>, on every command.</summary>
    public static readonly Option<bool> Json = new("--json") { Description = "Write one JSON object per line", Recursive = true };

    /// <summary><c>--verbose</c>, on every command.</summary>
    public static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "Show on stderr what is sent and received",
        Recursive = true,
    };

    /// <summary><c>--allow-private</c>, on every command that makes requests.</summary>
    public static Option<bool> AllowPrivate(
        string description = "Let requests reach private and loopback addresses (implied by typing one)"
    ) => new("--allow-private") { Description = description };

    /// <summary><c>--api-key</c>, for hubs that require one.</summary>
    public static Option<string?> ApiKey() =>
        new("--api-key")
        {
            Description = "Sent to the hub as \"Authorization: Bearer KEY\" (or WEBSUB_API_KEY)",
            HelpName = "KEY",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(Variables.ApiKey) is { Length: > 0 } key ? key : null,
            CustomParser = Single(text =>
                text.All(c => c is > ' ' and < '\x7f') ? (text, null) : (null, "--api-key must be printable ASCII without spaces")
            ),
        };

    /// <summary><c>--secret</c>; required unless WEBSUB_SECRET is set.</summary>
    public static Option<Secret?> Secret() =>
        new("--secret")
        {
            Description = "The subscription's hub.secret, less than 200 bytes (or WEBSUB_SECRET)",
            HelpName = "TEXT",
            DefaultValueFactory = result =>
            {
                if (Environment.GetEnvironmentVariable(Variables.Secret) is { Length: > 0 } text)
                    return ReadSecret(text, Variables.Secret, result);
                result.AddError("--secret is missing (WEBSUB_SECRET in the environment works too).");
                return null;
            },
            CustomParser = result => ReadSecret(result.Tokens[^1].Value, "--secret", result),
        };

    /// <summary>An argument that is a URL.</summary>
    public static Argument<string> Url(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "URL",
            CustomParser = Single(text => CheckUrl(text, name))!,
        };

    /// <summary>An option that is a URL.</summary>
    public static Option<string?> UrlOption(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "URL",
            CustomParser = Single(text => CheckUrl(text, name)),
        };

    /// <summary>An option that is a whole number.</summary>
    public static Option<int?> Number(string name, string description, string helpName, int min, int max = int.MaxValue) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
                    return number;
                result.AddError(
                    $"{name} \"{text}\" must be a whole number {(max == int.MaxValue ? $"from {min}" : $"from {min} to {max}")}."
                );
                return null;
            },
        };

    /// <summary>An option that is one of a few words.</summary>
    public static Option<T> Choice<T>(string name, string description, T standard, params (string Word, T Value)[] choices)
    {
        var words = choices.Select(c => c.Word).ToList();
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => standard,
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                var at = words.FindIndex(w => w == text);
                if (at >= 0)
                    return choices[at].Value;
                result.AddError(NoneOf(words, name, text));
                return default!;
            },
        };
        // In place of the names that the type has in code.
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. words]);
        return option;
    }

    /// <summary>An option for one word of several, or more of them.</summary>
    public static Option<string[]> Words(string name, string description, params string[] words)
    {
        var option = new Option<string[]>(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            AllowMultipleArgumentsPerToken = true,
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => !words.Contains(t.Value, StringComparer.Ordinal)))
                result.AddError(NoneOf(words, name, token.Value));
        });
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary><c>--port</c>.</summary>
    public static Option<int?> Port(string description) => Number("--port", description, "PORT", 1, 65535);

    /// <summary>Checks a URL as typed; the error is a whole sentence without its full stop.</summary>
    public static (string? Url, string? Error) CheckUrl(string text, string name)
    {
        if (VerbatimUrl.TryCreate(text, out _, out var error))
            return (text, null);
        var hint =
            text.Length > 0
            && !text.Contains("://", StringComparison.Ordinal)
            && VerbatimUrl.TryCreate($"https://{text}", out var url, out _)
                ? $"; did you mean {(AddressGuard.IsPrivateHost(url) ? "http" : "https")}://{text}"
                : "";
        return (null, $"{name} \"{text}\" {error}{hint}{(hint.Length > 0 ? "?" : ".")}");
    }

    internal static Func<ArgumentResult, string?> Single(Func<string, (string? Value, string? Error)> read) =>
        result =>
        {
            var (value, error) = read(result.Tokens[^1].Value);
            if (error is not null)
                result.AddError(error);
            return value;
        };

    private static Secret? ReadSecret(string text, string name, ArgumentResult result)
    {
        if (Values.Secret.TryParse(text, out var secret, out var error))
            return secret;
        result.AddError(text.Length == 0 ? $"{name} is empty." : $"{name} {error}.");
        return null;
    }

    public static string NoneOf(IReadOnlyList<string> words, string name, string text) =>
        $"{name} \"{text}\" must be {string.Join(", ", words.SkipLast(1))} or {words[^1]}{Mistake.Hint(NearestName.Find(text, words))}";
}
