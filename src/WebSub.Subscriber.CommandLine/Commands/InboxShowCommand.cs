using System.CommandLine;
using System.Globalization;
using System.Text;
using WebSub.Subscriber.CommandLine.Terminal;
using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Managing;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub inbox show ID</c>: a notification with its headers and body.</summary>
internal static class InboxShowCommand
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Command Create(CommandContext context)
    {
        var id = new Argument<long>("ID") { Description = "The number of a notification (websub inbox list)" };
        var command = new Command("show", "Show a notification with its headers and body") { id };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var row = await context.Get<InboxManager>().GetAsync(parsed.GetRequiredValue(id), cancellationToken);
                var headers = HeaderBag.Read(row.Headers).Select(h => (h.Key, Value: h.Value.ToString())).ToList();
                var text = TextOf(row.Body);
                context.Console.Write(
                    [
                        ("Id", row.Id.ToString(CultureInfo.InvariantCulture)),
                        ("State", row.State),
                        ("Subscription", row.SubscriptionId),
                        ("Topic", row.Topic),
                        ("Delivery id", row.DeliveryId),
                        ("Received", SubscriptionView.Time(row.ReceivedAt.ToMoment())),
                        ("Attempts", row.Attempts.ToString(CultureInfo.InvariantCulture)),
                        ("Last error", row.LastError),
                        .. headers.Select(h => (h.Key + ":", (string?)h.Value)),
                        ("Body", text ?? $"{row.Body.Length} bytes that are no text; --json has them in base 64"),
                    ],
                    new
                    {
                        row.Id,
                        State = Enum.Parse<WebSubInboxState>(row.State),
                        row.SubscriptionId,
                        row.Topic,
                        row.DeliveryId,
                        row.ContentType,
                        ReceivedAt = row.ReceivedAt.ToMoment(),
                        row.Attempts,
                        row.LastError,
                        Headers = headers.ToDictionary(h => h.Key, h => h.Value),
                        Body = text,
                        BodyBase64 = text is null ? Convert.ToBase64String(row.Body) : null,
                    }
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static string? TextOf(byte[] body)
    {
        try
        {
            return Strict.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
