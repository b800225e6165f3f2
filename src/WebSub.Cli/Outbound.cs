using WebSub.Http;
using WebSub.Values;

namespace WebSub.Cli;

/// <summary>The HTTP client of a command, guarded unless the user lifts the guard, by an option or by typing a private address.</summary>
internal static class Outbound
{
    /// <summary>A client that may reach what <see cref="Options"/> says.</summary>
    public static HttpClient CreateClient(bool allowPrivate, IEnumerable<string> typed) =>
        OutboundHttp.CreateClient(Options(allowPrivate, typed));

    /// <summary>The guard is lifted by the option, or by a private address among the texts that were typed; a note then says so.</summary>
    public static OutboundOptions Options(bool allowPrivate, IEnumerable<string> typed)
    {
        if (!allowPrivate && typed.Select(Parse).FirstOrDefault(url => url is not null && AddressGuard.IsPrivateHost(url)) is { } url)
        {
            Report.Note($"{url.Host} is a private address, so this command may reach private networks (--allow-private).");
            allowPrivate = true;
        }

        return new() { AllowPrivateNetworks = allowPrivate };
    }

    /// <summary>What to add to a refusal by the guard, whose text names a setting.</summary>
    public static string Hint(bool refused) => refused ? " On this command line: --allow-private." : "";

    /// <summary>What to add to a sentence that may be ours or quote a hub: the side that refused is the one that must change.</summary>
    public static string HintOn(string sentence) =>
        sentence.StartsWith("The hub ", StringComparison.Ordinal)
            ? HubHint(sentence)
            : Hint(sentence.Contains(AddressGuard.Setting, StringComparison.Ordinal));

    /// <summary>What to add to the words of a hub.</summary>
    public static string HubHint(string words) =>
        words.Contains(AddressGuard.Setting, StringComparison.Ordinal)
            ? " It is the hub that must allow this, not this command: websub hub --allow-private."
        : words.Contains("corrupted frame", StringComparison.Ordinal) ? PlainPort
        : "";

    // What .NET says where the answer to its TLS greeting is none.
    private const string PlainPort = " That port does not speak TLS; is it http:// instead of https://?";

    /// <summary>What to add to why a resource cannot be read.</summary>
    public static string UnreachableHint(string explanation) =>
        explanation.Contains("corrupted frame", StringComparison.Ordinal) ? PlainPort
        : explanation.Contains("Connection refused", StringComparison.Ordinal)
            ? " Nothing listens there: is it running, and is the port right?"
        : "";

    /// <summary>A note if an API key would travel unencrypted.</summary>
    public static void WarnOfPlainHttp(string hub)
    {
        if (Parse(hub) is { Scheme: "http" } url && !AddressGuard.IsPrivateHost(url))
            Report.Note($"the API key travels to {hub} unencrypted.");
    }

    private static Uri? Parse(string text) => VerbatimUrl.TryCreate(text, out var url, out _) ? url : null;
}
