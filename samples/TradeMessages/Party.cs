using System.Net;
using System.Threading.Channels;
using WebSub.Http;
using WebSub.Predicates;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Values;

namespace TradeMessages;

/// <summary>A trading party: a callback that the exchange delivers to, and a client of its API.</summary>
internal sealed class Party : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly Secret _secret = Secret.Generate();
    private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>();
    private readonly HttpClient _http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
    private readonly string _country;
    private readonly PredicateApi _exchange;
    private readonly WebApplication _app;

    private Party(string country, Uri exchange)
    {
        (_country, _exchange) = (country, new(_http, exchange));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        // An exchange that does not know its callers verifies by GET first: echo the challenge if you made the request. Here callers are
        // local.
        _app.MapPost("/callback", Task<IResult> (HttpContext context) => TakeAsync(context));
    }

    private string Callback => _app.Urls.First() + "/callback";

    public static async Task<Party> StartAsync(string country, Uri exchange)
    {
        var party = new Party(country, exchange);
        await party._app.StartAsync();
        return party;
    }

    public async Task SubscribeAsync(string topic) =>
        Say(await _exchange.SubscribeAsync(new(topic, Callback) { Secret = _secret.Value }), $"subscribes to {topic}");

    public async Task UnsubscribeAsync(string topic) =>
        Say(await _exchange.UnsubscribeAsync(topic, Callback), $"unsubscribes from {topic}");

    public async Task PostAsync(params IReadOnlyList<PredicateMessage> messages) =>
        Say(await _exchange.PostAsync(messages), $"posts {string.Join(" and ", messages.Select(m => m.SenderRef))}");

    public async Task DecideAsync(PredicateMessage message, string status) =>
        Say(await _exchange.ChangeStatusAsync(message.Reference!, status), $"answers {message.SenderRef} with {status}");

    /// <summary>Waits for the next delivery, and reads the message that it is about.</summary>
    public async Task<PredicateMessage> ReceiveAsync()
    {
        var (delivered, reference) = await _deliveries.Reader.ReadAsync().AsTask().WaitAsync(Deadline);
        var read = await _exchange.ReadAsync(reference);
        var message = read.Value ?? throw new InvalidOperationException(read.Explanation);
        Say(
            delivered.Message is null
                ? $"hears: {delivered.SenderRef} is {delivered.Status} ({delivered.Predicate})"
                : $"gets {message.SenderRef} from {message.Sender}: {message.Predicate}, {message.Obj}; it is {message.Status}"
        );
        return message;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        var body = await BoundedBody.ReadAsync(context.Request.Body, 1_000_000, context.RequestAborted) ?? [];
        if (HubSignature.Verify(context.Request.Headers[HubHeaders.Signature], _secret.Bytes, body) != SignatureVerdict.Valid)
            return Results.StatusCode(403);
        if (!PredicateEvent.TryParse(body, out var delivered, out _))
            return Results.BadRequest();

        var self = LinkHeader.Parse(context.Request.Headers["Link"].ToString()).First(l => l.Has(LinkRelations.Self)).Target;
        _deliveries.Writer.TryWrite(new(delivered, self[(self.LastIndexOf('/') + 1)..]));
        return Results.NoContent();
    }

    private void Say(PredicateAnswer answer, string what) => Say(answer.IsAccepted ? what : $"{what}. {answer.Explanation}");

    private void Say(string what) => Console.WriteLine($"{_country}  {what}");
}
