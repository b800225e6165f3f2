using TradeMessages;
using WebSub.Predicates;

// An exchange and two parties that share nothing but the predicates of their messages.
await using var exchange = await Exchange.StartAsync();
await using var exporter = await Party.StartAsync("AU", exchange.Address);
await using var importer = await Party.StartAsync("CN", exchange.Address);

await importer.SubscribeAsync("UN.CEFACT.Trade");
await exporter.SubscribeAsync("message.status.change");

// One message: the importer gets it, reads it at the URL in its Link header, and accepts it. The exporter is notified.
await exporter.PostAsync(Invoice(7));
var invoice = await importer.ReceiveAsync();
await importer.DecideAsync(invoice, "accepted");
await exporter.ReceiveAsync();

// Several messages at once are one transaction, and arrive in order.
await exporter.PostAsync(Invoice(8), Invoice(9));
var (eight, nine) = (await importer.ReceiveAsync(), await importer.ReceiveAsync());
await importer.DecideAsync(eight, "rejected");
await exporter.ReceiveAsync();

// Decisions are final, and all errors are reported at once.
await importer.DecideAsync(eight, "accepted");
await importer.DecideAsync(nine, "perhaps");
await importer.SubscribeAsync("UN..CEFACT");
await importer.UnsubscribeAsync("UN.CEFACT.Trade.Invoice");
await importer.UnsubscribeAsync("un.cefact.trade.*");

PredicateMessage Invoice(int number) =>
    new()
    {
        Sender = "AU",
        Receiver = "CN",
        Subject = $"AU.abn.51824753556.invoice.{number}",
        Obj = $"https://documents.example/invoices/{number}",
        Predicate = "UN.CEFACT.Trade.Invoice.created",
        SenderRef = $"invoice-{number}",
    };
