using Microsoft.Extensions.Options;
using WebSub.Storage;
using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Subscribing;
using WebSub.Subscriber.Subscriptions;
using WebSub.Values;

namespace WebSub.Subscriber.Configuration;

/// <summary>Reports every invalid setting at once, with its value and what is allowed, and every invalid declaration.</summary>
internal sealed class SubscriberOptionsValidator(HandlerRegistry handlers, IEnumerable<HubHttpClient> clients)
    : IValidateOptions<WebSubSubscriberOptions>
{
    private const string PublicUrl = $"{SubscriberSettings.Section}:PublicUrl";

    public ValidateOptionsResult Validate(string? name, WebSubSubscriberOptions options)
    {
        List<string> faults =
        [
            .. options.Faults,
            .. handlers.Faults,
            .. SubscriberSettings.Table.Check(options),
            .. Missing(options),
            .. options.KnownCallbacks.SelectMany(FaultsOf),
            .. options.Subscriptions.SelectMany(declared => FaultsOf(declared, options)),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(string.Join(Environment.NewLine, faults));
    }

    private static IEnumerable<string> Missing(WebSubSubscriberOptions options)
    {
        if (options.Role != WebSubSubscriberRole.All && DialectOf(options) == SqlDialect.Sqlite)
        {
            yield return $"{SubscriberSettings.Section}:Role is {options.Role}, but a SQLite file belongs to one process, which must do "
                + "everything; allowed is All, or a PostgreSQL database in ConnectionStrings:WebSubSubscriber that the processes share.";
        }

        if (options.Role == WebSubSubscriberRole.Workers)
            yield break;
        if (options.PublicUrl is null && !options.Faults.Exists(f => f.StartsWith(PublicUrl, StringComparison.Ordinal)))
        {
            yield return $"{PublicUrl} is missing; it must be the http or https URL at which hubs reach this app, "
                + "for example https://example.com, or auto, which looks for a tunnel on this machine.";
        }
    }

    private static SqlDialect DialectOf(WebSubSubscriberOptions options) =>
        options.StorageProvider ?? ConnectionStrings.DialectOf(options.ConnectionString);

    private IEnumerable<string> FaultsOf(KnownCallback known)
    {
        if (handlers.Find(known.Handler) is null)
        {
            yield return $"The callback for {known.Target} names the handler \"{known.Handler}\"; "
                + $"allowed is one of those that AddHandler added: {string.Join(", ", handlers.Names)}.";
        }

        if (known.CallbackUrl is { } callback && !Callback.TryParse(callback, out _, out var fault))
            yield return $"The callback for {known.Target} is \"{callback}\", which {fault}.";
        if (known.Secret is { } secret && !Secret.TryParse(secret, out _, out fault))
            yield return $"The callback for {known.Target}: the secret {fault}.";
    }

    private IEnumerable<string> FaultsOf(WebSubDeclaredSubscription declared, WebSubSubscriberOptions options)
    {
        if (handlers.Find(declared.Handler) is null)
        {
            yield return $"The subscription to {declared.Target} names the handler \"{declared.Handler}\"; "
                + $"expected one of those added with AddHandler: {string.Join(", ", handlers.Names)}.";
        }

        foreach (var (_, sentence) in WishFaults.Of(declared.Target, declared.Options, options.DefaultHub, clients))
            yield return $"The subscription to {declared.Target}: {sentence}";
    }
}
