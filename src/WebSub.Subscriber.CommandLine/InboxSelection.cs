using System.CommandLine;
using WebSub.Subscriber.Managing;

namespace WebSub.Subscriber.CommandLine;

/// <summary>Which notifications a command is about: named by their ids, or all that are parked, of one subscription or of all.</summary>
internal sealed class InboxSelection(CommandContext context)
{
    private readonly Argument<long[]> _ids = new("ID")
    {
        Description = "The number of a notification (websub inbox list)",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _parked = new("--parked") { Description = "All that are parked" };

    private readonly Option<string?> _subscription = new("--subscription")
    {
        Description = "With --parked: only those of this subscription",
        HelpName = "ID",
    };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_ids);
        command.Options.Add(_parked);
        command.Options.Add(_subscription);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_parked) == result.GetValue(_ids) is { Length: > 0 })
                result.AddError("Name notifications, or give --parked.");
            if (result.GetValue(_subscription) is not null && !result.GetValue(_parked))
                result.AddError("--subscription goes with --parked.");
        });
    }

    /// <summary>Those that are meant, in order of arrival.</summary>
    /// <exception cref="ManagementException">One is unknown; nothing is done then.</exception>
    public async Task<IReadOnlyList<WebSubInboxItem>> FindAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var ids = parsed.GetValue(_ids)!.ToHashSet();
        var filter = new WebSubInboxFilter
        {
            State = parsed.GetValue(_parked) ? WebSubInboxState.Parked : null,
            Subscription = parsed.GetValue(_subscription) is { } typed
                ? (await context.Manager.FindAsync([typed], cancellationToken))[0].Id
                : null,
        };
        var found = new List<WebSubInboxItem>();
        await foreach (var item in context.Inbox.ListAsync(filter, cancellationToken))
        {
            if (ids.Count == 0 || ids.Remove(item.Id))
                found.Add(item);
            if (ids.Count == 0 && !parsed.GetValue(_parked))
                break;
        }

        return ids.Count == 0
            ? found
            : throw new ManagementException(
                $"There is no notification {string.Join(", ", ids.Order())}; websub inbox list shows those that are kept."
            );
    }
}
