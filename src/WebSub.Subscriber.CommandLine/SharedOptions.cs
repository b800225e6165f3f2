using System.CommandLine;

namespace WebSub.Subscriber.CommandLine;

/// <summary>Arguments and options that several commands have.</summary>
internal static class SharedOptions
{
    private const string Meaning = "A subscription: its id, how that begins, its topic or resource, or its handler";
    private const int MostSeconds = 86_400;

    public static Argument<string> Id() => new("ID") { Description = Meaning };

    public static Argument<string[]> Ids(ArgumentArity arity) => new("ID") { Description = Meaning, Arity = arity };

    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask" };

    public static Option<bool> Wait() => new("--wait") { Description = "Wait for the running app to do it, and show the result" };

    public static Option<int> Timeout()
    {
        var option = new Option<int>("--timeout")
        {
            Description = "How long to wait for the result",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 60,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, out var seconds) || seconds is < 1 or > MostSeconds))
                result.AddError($"--timeout is '{text}'; it must be 1 to {MostSeconds} seconds.");
        });
        return option;
    }

    /// <summary>A state to look for: <c>--state NAME</c>.</summary>
    public static Option<T?> State<T>(string description)
        where T : struct, Enum =>
        new("--state")
        {
            Description = description,
            HelpName = string.Join('|', Enum.GetNames<T>()),
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (Enum.TryParse<T>(text, ignoreCase: true, out var state) && Enum.IsDefined(state))
                    return state;
                result.AddError($"--state is '{text}'; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
                return null;
            },
        };

    /// <summary>Old and new names of handlers: <c>--handler OLD=NEW</c>, any number.</summary>
    public static Option<string[]> Renames(string description)
    {
        var option = new Option<string[]>("--handler")
        {
            Description = description,
            HelpName = "OLD=NEW",
            DefaultValueFactory = _ => [],
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => t.Value.Split('=') is not [{ Length: > 0 }, { Length: > 0 }]))
                result.AddError($"--handler is '{token.Value}'; it must be the old and the new name, OLD=NEW.");
        });
        return option;
    }

    public static Dictionary<string, string> ReadRenames(IEnumerable<string> typed)
    {
        var renames = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in typed)
        {
            var pair = one.Split('=');
            renames[pair[0]] = pair[1];
        }

        return renames;
    }
}
